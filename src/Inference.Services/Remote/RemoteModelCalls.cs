using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Inference.Errors;
using Inference.Services.Calls;
using Inference.Services.Knowledge;
using Inference.Services.Requests;
using Inference.V1;

namespace Inference.Services.Remote;

/// <summary>A look at a model that only another server has, and its loading there.</summary>
internal static class RemoteModelCalls
{
    /// <exception cref="InferenceException">What the server says.</exception>
    public static async Task<GetModelResponse> ShowAsync(RemoteModels models, RemoteModel model, GetModelRequest request, CallScope scope)
    {
        var body = new RemoteBody();
        if (request.View is ModelView.Full)
        {
            body.Set("verbose", static json => json.WriteBooleanValue(true));
        }

        using var answer = await AskAsync(models.Run(model, "remote model details are unavailable"), "/api/show", body, scope);
        return ToContract(answer.RootElement, model);
    }

    /// <summary>Ollama loads on a prompt that is empty.</summary>
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED, and what the server says.</exception>
    public static async Task<LoadModelResponse> LoadAsync(RemoteModels models, RemoteModel model, LoadModelRequest request, CallScope scope)
    {
        var run = models.Run(model);
        var warnings = new Warnings();
        var common = CommonFields.Of(new GenerateRequest { LoadOptions = request.LoadOptions, KeepAlive = request.KeepAlive, Priority = request.Priority });
        RemoteOptions.Refuse(request.LoraAdapters.Count > 0, "lora_adapters");
        var body = new RemoteBody();
        body.Set("prompt", static json => json.WriteStringValue(""u8));
        RemoteOptions.Write(body, common, warnings);
        body.Set("stream", static json => json.WriteBooleanValue(false));
        warnings.Check(request.Strict);
        using var answer = await AskAsync(run, "/api/generate", body, scope);
        return new LoadModelResponse
        {
            RunningModel = new RunningModel { Model = NameOf(model), State = RunState.Idle },
            LoadDuration = Duration.FromTimeSpan(scope.Elapsed),
            Warnings = { warnings.Items },
        };
    }

    private static async Task<JsonDocument> AskAsync(RemoteRun run, string path, RemoteBody body, CallScope scope)
    {
        try
        {
            using var lines = await run.SendAsync(path, body, scope.Token);
            await foreach (var line in lines.ReadAsync(scope.Token))
            {
                return JsonDocument.Parse(line);
            }

            throw lines.Broken("unexpected EOF");
        }
        catch (OperationCanceledException e)
        {
            throw scope.Explain(e);
        }
    }

    private static Model NameOf(RemoteModel model) => new()
    {
        Name = model.Stored?.Name.DisplayName ?? model.Name,
        Digest = model.Stored?.Digest ?? "",
        RemoteHost = model.Stored?.Config.RemoteHost ?? "",
        RemoteModel = model.Name,
    };

    private static GetModelResponse ToContract(JsonElement json, RemoteModel model)
    {
        var shown = NameOf(model);
        if (json.TryGetProperty("details", out var details) && details.ValueKind is JsonValueKind.Object)
        {
            shown.Details = new ModelDetails
            {
                ParentModel = Text(details, "parent_model"),
                Format = Text(details, "format"),
                Family = Text(details, "family"),
                Families = { Texts(details, "families") },
                ParameterSize = Text(details, "parameter_size"),
                QuantizationLevel = Text(details, "quantization_level"),
            };
        }

        foreach (var name in Texts(json, "capabilities"))
        {
            shown.Add(name);
        }

        if (DateTimeOffset.TryParse(Text(json, "modified_at"), CultureInfo.InvariantCulture, out var modified))
        {
            shown.ModifyTime = Timestamp.FromDateTimeOffset(modified);
        }

        var response = new GetModelResponse
        {
            Model = shown,
            Modelfile = Text(json, "modelfile"),
            Template = Text(json, "template"),
            System = Text(json, "system"),
            Requires = Text(json, "requires"),
            Parameters = ToParameters(Text(json, "parameters")),
        };
        if (Text(json, "license") is { Length: > 0 } license)
        {
            response.Licenses.Add(license);
        }

        if (json.TryGetProperty("model_info", out var info) && info.ValueKind is JsonValueKind.Object)
        {
            foreach (var entry in info.EnumerateObject())
            {
                response.Metadata[entry.Name] = ToContract(entry.Value);
            }
        }

        return response;
    }

    // One a line, its value behind spaces: all that this form keeps of their types.
    private static Struct? ToParameters(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var parameters = new Struct();
        foreach (var line in text.Split('\n').Select(static l => l.Split(' ', 2, StringSplitOptions.TrimEntries)).Where(static l => l.Length == 2))
        {
            parameters.Fields[line[0]] = Value.ForString(line[1]);
        }

        return parameters;
    }

    private static GgufValue ToContract(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new GgufValue { BoolValue = value.GetBoolean() },
        JsonValueKind.Number when value.TryGetInt64(out var whole) => new GgufValue { IntegerValue = whole },
        JsonValueKind.Number => new GgufValue { DoubleValue = value.GetDouble() },
        JsonValueKind.Array => new GgufValue { ArrayValue = new GgufArray { Length = value.GetArrayLength(), Values = { value.EnumerateArray().Select(ToContract) } } },
        JsonValueKind.String => new GgufValue { StringValue = value.GetString() },
        _ => new GgufValue(),
    };

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array
        ? list.EnumerateArray().Where(static v => v.ValueKind is JsonValueKind.String).Select(static v => v.GetString()!)
        : [];
}
