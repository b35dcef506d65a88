namespace Inference.UnitTests.Prompts.GoTemplates;

public sealed class FunctionTests
{
    private const string Data = """{"s":"héy","n":2,"l":[1,"x",null],"m":{"b":1,"a":[true]},"z":null}""";

    [Theory]
    [InlineData("{{ and 1 0 2 }} {{ and 1 2 }} {{ or 0 \"\" 3 }} {{ or 0 \"\" }}|{{ not 0 }}", "0 2 3 |true")]
    [InlineData("{{ or true (index .l 99) }}", "true")]
    [InlineData("{{ 0 | and 1 }} {{ 5 | or 0 }}", "0 5")]
    [InlineData("{{ len .s }} {{ len .l }} {{ len .m }} {{ len \"\" }}", "4 3 2 0")]
    [InlineData("{{ index .l 1 }} {{ index .m \"b\" }} {{ index .m \"a\" 0 }} {{ index .s 1 }}", "x 1 true 195")]
    [InlineData("{{ index .m \"none\" }}", "<no value>")]
    [InlineData("{{ slice .s 1 3 }} {{ slice .s 1 }} {{ slice .l 1 }} {{ slice .l 0 1 2 }}", "é éy [x <nil>] [1]")]
    [InlineData("{{ slice (slice .l 0 1) 0 3 }}", "[1 x <nil>]")]
    [InlineData("{{ slice .s 1 2 }}", "\ufffd")]
    [InlineData("{{ printf \"%s%s\" (slice .s 0 2) (slice .s 2) }}", "héy")]
    [InlineData("{{ eq 1 1 }} {{ eq 1 2 3 1 }} {{ eq \"a\" \"b\" }} {{ eq nil nil }} {{ eq .z nil }} {{ eq .s nil }}", "true true false true true false")]
    [InlineData("{{ eq (index .s 0) 104 }}", "true")]
    [InlineData("{{ eq .n 2.0 }} {{ ne .n 3.0 }}", "true true")]
    [InlineData("{{ lt \"a\" \"b\" }} {{ le 2 2 }} {{ gt 1.5 0.5 }} {{ ge \"b\" \"c\" }}", "true true true false")]
    [InlineData("{{ print 1 2 \"a\" \"b\" 3 4 }}|{{ println 1 \"a\" }}", "1 2ab3 4|1 a\n")]
    [InlineData("{{ .m }} {{ .l }} {{ .none }} {{ .none.deeper }}", "error: template: :1:38: executing \"\" at <.none.deeper>: nil pointer evaluating interface {}.deeper")]
    [InlineData("{{ .m }} {{ .l }} {{ .z }}", "map[a:[true] b:1] [1 x <nil>] <no value>")]
    [InlineData("{{ json .m }} {{ json \"<&>\\u2028\" }} {{ json .z }} {{ .n | json }}", "{\"a\":[true],\"b\":1} \"\\u003c\\u0026\\u003e\\u2028\" null 2")]
    [InlineData("{{ html \"<a b='c'>&\" }} {{ html .z }}", "&lt;a b=&#39;c&#39;&gt;&amp; &lt;no value&gt;")]
    [InlineData("{{ js \"a'b\\\"<é>\\u200b=\\n\" }}", "a\\'b\\\"\\u003Cé\\u003E\\u200B\\u003D\\u000A")]
    [InlineData("{{ urlquery \"a b/é&~\" }}", "a+b%2F%C3%A9%26~")]
    [InlineData("{{ toTypeScriptType 1 }}", "any")]
    [InlineData("{{ len (currentDate \"x\") }}", "10")]
    public void Function_OfGo_GivesWhatGoGives(string template, string expected) => Assert.Equal(expected, Go.Run(template, Data));

    [Theory]
    [InlineData("{{ eq 1 1.0 }}", "eq 1 1.0", "error calling eq: incompatible types for comparison: int and float64")]
    [InlineData("{{ eq 1 }}", "eq 1", "error calling eq: missing argument for comparison")]
    [InlineData("{{ eq .m .m }}", "eq .m .m", "error calling eq: non-comparable type map[a:[%!s(bool=true)] b:%!s(float64=1)]: map[string]interface {}")]
    [InlineData("{{ lt true false }}", "lt true false", "error calling lt: invalid type for comparison")]
    [InlineData("{{ lt 1 \"a\" }}", "lt 1 \"a\"", "error calling lt: incompatible types for comparison: int and string")]
    [InlineData("{{ lt .z 1 }}", "lt .z 1", "error calling lt: invalid type for comparison")]
    [InlineData("{{ index .l 9 }}", "index .l 9", "error calling index: index out of range: 9")]
    [InlineData("{{ index .l 3 }}", "index .l 3", "error calling index: reflect: slice index out of range")]
    [InlineData("{{ index .s 4 }}", "index .s 4", "error calling index: reflect: string index out of range")]
    [InlineData("{{ index .l \"a\" }}", "index .l \"a\"", "error calling index: cannot index slice/array with type string")]
    [InlineData("{{ index .m 1 }}", "index .m 1", "error calling index: value has type int; should be string")]
    [InlineData("{{ index 1 1 }}", "index 1 1", "error calling index: can't index item of type int")]
    [InlineData("{{ index .z 1 }}", "index .z 1", "error calling index: index of untyped nil")]
    [InlineData("{{ slice .l 2 1 }}", "slice .l 2 1", "error calling slice: invalid slice index: 2 > 1")]
    [InlineData("{{ slice .s 0 1 2 }}", "slice .s 0 1 2", "error calling slice: cannot 3-index slice a string")]
    [InlineData("{{ slice 1 }}", "slice 1", "error calling slice: can't slice item of type int")]
    [InlineData("{{ len 1 }}", "len 1", "error calling len: len of type int")]
    [InlineData("{{ len .z }}", "len .z", "error calling len: len of nil pointer")]
    [InlineData("{{ len nil }}", "len nil", "error calling len: reflect: call of reflect.Value.Type on zero Value")]
    [InlineData("{{ call nil }}", "call nil", "error calling call: call of nil")]
    [InlineData("{{ \"f\" | call }}", "call", "error calling call: non-function f of type string")]
    public void Function_OfGo_FailsWhereGoFails(string template, string at, string expected) =>
        Assert.Equal($"error: template: :1:{template.IndexOf(at, StringComparison.Ordinal)}: executing \"\" at <{at}>: {expected}", Go.Run(template, Data));

    [Theory]
    [InlineData("{{ nil }}", 3, "nil", "nil is not a command")]
    [InlineData("{{ 1 2 }}", 3, "1", "can't give argument to non-function 1")]
    [InlineData("{{ .s 1 }}", 3, ".s", "s is not a method but has arguments")]
    [InlineData("{{ not }}", 3, "not", "wrong number of args for not: want 1 got 0")]
    [InlineData("{{ len 1 2 }}", 3, "len", "wrong number of args for len: want 1 got 2")]
    [InlineData("{{ printf }}", 3, "printf", "wrong number of args for printf: want at least 1 got 0")]
    [InlineData("{{ printf 1 }}", 10, "1", "expected string; found 1")]
    [InlineData("{{ printf .n }}", 10, ".n", "wrong type for value; expected string; got float64")]
    [InlineData("{{ printf nil }}", 10, "nil", "cannot assign nil to string")]
    [InlineData("{{ currentDate 1 }}", 15, "1", "expected string; found 1")]
    [InlineData("{{ .s.x }}", 5, ".s.x", "can't evaluate field x in type interface {}")]
    [InlineData("{{ range .s }}{{ end }}", 9, ".s", "range can't iterate over héy")]
    [InlineData("{{ range $i, $e := 3 }}{{ end }}", 19, "3", "can't use 3 to iterate over more than one variable")]
    [InlineData("é\n é{{ index .l 9 }}", 6, "index .l 9", "error calling index: index out of range: 9", 2)]
    [InlineData("{{ $x = 1 }}", 8, "1", "undefined variable: $x")]
    [InlineData("{{ template \"t\" . }}", 12, "{{template \"t\" .}}", "template \"t\" not defined")]
    [InlineData("{{ 18446744073709551615 }}", 3, "18446744073709551615", "18446744073709551615 overflows int")]
    public void Evaluation_GoneWrong_FailsInGosWords(string template, int column, string at, string expected, int line = 1) =>
        Assert.Equal($"error: template: :{line}:{column}: executing \"\" at <{at}>: {expected}", Go.Run(template, Data));

    [Fact]
    public void Evaluation_GoneWrongInDefinition_NamesIt() =>
        Assert.Equal("error: template: :1:20: executing \"t\" at <index . 1>: error calling index: can't index item of type int", Go.Run("{{ define \"t\" }}{{ (index . 1) }}{{ end }}{{ template \"t\" 1 }}"));
}
