using Inference.Errors;
using Inference.Prompts.GoTemplates;
using Inference.Prompts.Rendering;
using Inference.Services.Prompting;
using Inference.V1;

namespace Inference.UnitTests.Services.Prompting;

public sealed class ConversationTests
{
    private static readonly PromptTemplate Template = PromptTemplate.Parse("{{ range .Messages }}{{ .Role }}:{{ .Content }};{{ end }}");

    private int _tokenized;

    [Fact]
    public void Fit_Fits_StaysWhole()
    {
        var fitted = Of(("system", "S"), ("user", "a"), ("assistant", "b"), ("user", "c")).Fit(Rules(100), Tokenize);

        Assert.Equal("system:S;user:a;assistant:b;user:c;", fitted.Text);
        Assert.Equal((0, 0), (fitted.MessagesDropped, fitted.TokensDropped));
    }

    [Theory]
    [InlineData(100, "system:S;user:1;assistant:2;user:3;assistant:4;user:5;")]
    [InlineData(54, "system:S;user:1;assistant:2;user:3;assistant:4;user:5;")]
    [InlineData(53, "system:S;assistant:2;user:3;assistant:4;user:5;")]
    [InlineData(40, "system:S;user:3;assistant:4;user:5;")]
    [InlineData(20, "system:S;user:5;")]
    [InlineData(17, "system:S;user:5;")]
    public void Fit_TooLong_DropsTheOldestButSystemAndTheLast(int room, string expected)
    {
        var conversation = Of(("system", "S"), ("user", "1"), ("assistant", "2"), ("user", "3"), ("assistant", "4"), ("user", "5"));

        Assert.Equal(expected, conversation.Fit(Rules(room + 1), Tokenize).Text);
    }

    [Fact]
    public void Fit_SystemInTheMiddle_StaysInItsPlace()
    {
        var fitted = Of(("user", "1"), ("system", "A"), ("user", "2"), ("system", "B"), ("user", "3")).Fit(Rules(27), Tokenize);

        Assert.Equal("system:A\n\nB;user:3;", fitted.Text); // neighbours of a role are one message
        Assert.Equal((2, 20), (fitted.MessagesDropped, fitted.TokensDropped));
    }

    [Fact]
    public void Fit_LastMessageTooLong_IsAnError()
    {
        var conversation = Of(("assistant", "1"), ("user", new string('x', 50)));

        var error = Assert.Throws<InferenceException>(() => conversation.Fit(Rules(20), Tokenize)).Error;

        Assert.Equal((Catalogue.ContextLengthExceeded, "56", "20"), (error.Kind, error.Facts["prompt_tokens"], error.Facts["context_length"]));
    }

    [Fact]
    public void Fit_LastMessageTooLongAndMayBeCut_IsCutInTheMiddle()
    {
        var conversation = Of(("assistant", "1"), ("user", new string('x', 50)));

        var fitted = conversation.Fit(Rules(20) with { CutsMiddle = true }, Tokenize);

        Assert.Equal("user" + "xxxxxxx;", string.Concat(fitted.Tokens.Select(static t => (char)t)));
        Assert.Equal(1, fitted.MessagesDropped);
    }

    [Fact]
    public void Fit_Off_IsAnError() => Assert.Throws<InferenceException>(() => Of(("user", "1"), ("user", "2")).Fit(Rules(10) with { DropsMessages = false }, Tokenize));

    [Fact]
    public void Fit_LongHistory_IsNotTriedOneByOne()
    {
        var messages = Enumerable.Range(0, 2000).Select(static i => ("tool", $"{i:00000}")).ToArray();

        var fitted = Of(messages).Fit(Rules(101), Tokenize);

        Assert.Equal(9, fitted.Text.Count(static c => c == ';')); // of eleven characters each
        Assert.InRange(_tokenized, 2, 14);
    }

    [Fact]
    public void Fit_LongerThanTheTokenizerTakes_StillFindsAnEndThatFits()
    {
        int[] Limited(string text, bool addSpecial) => text.Length > 1000 ? throw Catalogue.FieldInvalid.For("prompt", "") : Tokenize(text, addSpecial);
        var messages = Enumerable.Range(0, 100).Select(static i => ("tool", $"{i:00000}")).Append(("user", "end")).ToArray();

        var fitted = Of(messages).Fit(Rules(101), Limited);

        Assert.EndsWith("user:end;", fitted.Text);
        Assert.InRange(fitted.Tokens.Length, 80, 100);
    }

    private static FitRules Rules(int contextLength) => new(contextLength, DropsMessages: true, CutsMiddle: false, Keep: 4, AddsBos: false);

    private static Conversation Of(params (string Role, string Content)[] messages) =>
        new(Template, new ChatPrompt([.. messages.Select(static m => Message(m.Role, m.Content))], [], default), TimeProvider.System);

    private static ChatMessage Message(string role, string text) => new()
    {
        Role = Enum.Parse<Role>(role, ignoreCase: true),
        Content = { new ContentPart { Text = text } },
    };

    private int[] Tokenize(string text, bool addSpecial)
    {
        _tokenized++;
        return [.. text.Select(static c => (int)c)];
    }
}
