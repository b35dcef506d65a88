using System.Globalization;
using System.Text;
using Inference.Errors;
using Inference.Store;

namespace Inference.Services.Requests;

/// <summary>Where a page of a listing ends. Names its last model by what a listing is sorted by, so that a model that comes or goes moves no page.</summary>
/// <param name="Seconds">When that model was changed.</param>
/// <param name="Name">Its full name.</param>
internal readonly record struct PageToken(long Seconds, string Name)
{
    /// <summary>Null for the first page, and for one that is wrong.</summary>
    public static PageToken? Parse(string text, FieldErrors errors)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        if (Convert.TryFromBase64String(text, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2) is [var seconds, var name]
            && long.TryParse(seconds, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time))
        {
            return new PageToken(time, name);
        }

        errors.Invalid("page_token", text, "must be the next_page_token of an earlier answer");
        return null;
    }

    public static PageToken Behind(StoredModel last) => new(last.ModifyTime.ToUnixTimeSeconds(), last.Name.FullName);

    /// <summary>The first model of the next page. If the last one has gone, the first that is older.</summary>
    public int StartIn(IReadOnlyList<StoredModel> all)
    {
        var older = all.Count;
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Name.FullName == Name)
            {
                return i + 1;
            }

            older = older == all.Count && all[i].ModifyTime.ToUnixTimeSeconds() < Seconds ? i : older;
        }

        return older;
    }

    public override string ToString() => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seconds} {Name}")));
}
