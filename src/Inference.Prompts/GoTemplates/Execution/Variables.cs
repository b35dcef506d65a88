using Inference.Prompts.GoTemplates.Values;

namespace Inference.Prompts.GoTemplates.Execution;

/// <summary>The variables in sight, the latest last.</summary>
internal sealed class Variables(GoValue? data)
{
    private readonly List<(string Name, GoValue? Value)> _stack = [("$", data)];

    public int Mark => _stack.Count;

    public void Push(string name, GoValue? value) => _stack.Add((name, value));

    public void Pop(int mark) => _stack.RemoveRange(mark, _stack.Count - mark);

    /// <summary>Sets the last but <paramref name="depth"/> - 1.</summary>
    public void SetTop(int depth, GoValue? value) => _stack[^depth] = (_stack[^depth].Name, value);

    /// <returns>False where there is none of the name.</returns>
    public bool TrySet(string name, GoValue? value)
    {
        var index = _stack.FindLastIndex(v => v.Name == name);
        if (index >= 0)
        {
            _stack[index] = (name, value);
        }

        return index >= 0;
    }

    public bool TryGet(string name, out GoValue? value)
    {
        var index = _stack.FindLastIndex(v => v.Name == name);
        value = index >= 0 ? _stack[index].Value : null;
        return index >= 0;
    }
}
