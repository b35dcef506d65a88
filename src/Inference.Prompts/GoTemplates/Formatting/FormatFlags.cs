namespace Inference.Prompts.GoTemplates.Formatting;

/// <summary>What stands between <c>%</c> and the verb.</summary>
internal sealed class FormatFlags
{
    public int? Width { get; set; }

    public int? Precision { get; set; }

    public bool Minus { get; set; }

    public bool Plus { get; set; }

    public bool Sharp { get; set; }

    public bool Space { get; set; }

    public bool Zero { get; set; }

    /// <summary><c>%+v</c>: names of fields.</summary>
    public bool PlusV { get; set; }

    /// <summary><c>%#v</c>: Go's notation.</summary>
    public bool SharpV { get; set; }

    public void Clear()
    {
        (Width, Precision) = (null, null);
        (Minus, Plus, Sharp, Space, Zero, PlusV, SharpV) = (false, false, false, false, false, false, false);
    }

    /// <summary>In <c>%v</c> these two say how to show a structure.</summary>
    public void MoveToV()
    {
        (SharpV, Sharp) = (Sharp, false);
        (PlusV, Plus) = (Plus, false);
    }
}
