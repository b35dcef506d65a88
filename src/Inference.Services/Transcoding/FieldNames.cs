using System.Collections.Concurrent;
using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Inference.Services.Transcoding;

/// <summary>The names that JSON transcoding finds fields by: those of proto files and those in lower camel case, letter for letter.</summary>
internal static class FieldNames
{
    private static readonly ConcurrentDictionary<MessageDescriptor, FrozenDictionary<string, FieldDescriptor>> Known = new();

    public static FieldDescriptor? Find(MessageDescriptor message, string name) =>
        Known.GetOrAdd(message, static m => m.Fields.InDeclarationOrder()
            .SelectMany(static f => new[] { (f.Name, Field: f), (Name: f.JsonName, Field: f) })
            .DistinctBy(static p => p.Name)
            .ToFrozenDictionary(static p => p.Name, static p => p.Field, StringComparer.Ordinal)).GetValueOrDefault(name);

    /// <summary>What an object in the place of this field's value is; null if its names are free, as those of a map or a google.protobuf.Struct are.</summary>
    public static MessageDescriptor? MessageOf(FieldDescriptor field)
    {
        var value = field.IsMap ? field.MessageType.FindFieldByNumber(2) : field;
        return value.FieldType is FieldType.Message && value.MessageType.File.Package != Duration.Descriptor.File.Package ? value.MessageType : null;
    }
}
