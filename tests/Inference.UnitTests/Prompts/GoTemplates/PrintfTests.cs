namespace Inference.UnitTests.Prompts.GoTemplates;

/// <summary>Go's <c>fmt</c>, by its own examples and by its rules.</summary>
public sealed class PrintfTests
{
    [Theory]
    [InlineData("\"%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U|%#U\" 42 42 42 42 42 42 42 42 42 42 42 42 5 65 65 9731 9731", "42|   42|42   |00042|+42| 42|2a|2A|0x2a|52|052|0o52|101|A|'A'|U+2603|U+2603 '☃'")]
    [InlineData("\"%.3d|%8.3d|%08.3d|%+05d|%-05d|\" 7 7 7 7 7", "007|     007|     007|+0007|7    |")]
    [InlineData("\"%d|%05d|%x\" -42 -42 -42", "-42|-0042|-2a")]
    [InlineData("\"%s|%10s|%-10s|%.2s|%q|%x|%X|% x|%#x\" \"héy\" \"héy\" \"héy\" \"héy\" \"h\\n\" \"hé\" \"hé\" \"hé\" \"hé\"", "héy|       héy|héy       |hé|\"h\\n\"|68c3a9|68C3A9|68 c3 a9|0x68c3a9")]
    [InlineData("\"%+q|%#q\" \"é😀\" \"a`b\"", "\"\\u00e9\\U0001f600\"|\"a`b\"")]
    [InlineData("\"%v|%g|%f|%.2f|%e|%.1e|%G|%8.2f|%-8.2f|%08.2f|%+.1f\" 1.5 1.5 1.5 1.5 1.5 1.25 1e-10 3.14159 3.14159 -3.14159 2.0", "1.5|1.5|1.500000|1.50|1.500000e+00|1.2e+00|1E-10|    3.14|3.14    |-0003.14|+2.0")]
    [InlineData("\"%v|%v|%v|%v|%v\" 1e6 123456789.0 1e20 1e21 0.00001", "1e+06|1.23456789e+08|1e+20|1e+21|1e-05")]
    [InlineData("\"%.0f|%.0f|%.0f|%.1f|%.3g|%.10g|%#g\" 0.5 1.5 2.5 0.25 1234.5 1234.5 1.0", "0|2|2|0.2|1.23e+03|1234.5|1.00000")]
    [InlineData("\"%x|%b\" 1.5 1.0", "0x1.8p+00|4503599627370496p-52")]
    [InlineData("\"%t|%v|%5t\" true false true", "true|false| true")]
    [InlineData("\"%T|%T|%T|%T|%T\" 1 1.5 \"a\" true nil", "int|float64|string|bool|<nil>")]
    [InlineData("\"%v|%s|%d\" nil nil nil", "<nil>|%!s(<nil>)|%!d(<nil>)")]
    [InlineData("\"%d|%s|%z|%t\" \"a\" 1 1 \"x\"", "%!d(string=a)|%!s(int=1)|%!z(int=1)|%!t(string=x)")]
    [InlineData("\"%d %d\" 1", "1 %!d(MISSING)")]
    [InlineData("\"%d\" 1 \"a\" nil", "1%!(EXTRA string=a, <nil>)")]
    [InlineData("\"100%\"", "100%!(NOVERB)")]
    [InlineData("\"%%|%5%\"", "%|%")]
    [InlineData("\"%[2]d %[1]d\" 1 2", "2 1")]
    [InlineData("\"%[3]d\" 1", "%!d(BADINDEX)")]
    [InlineData("\"%*d|%-*d|%.*f\" 5 42 5 42 2 3.14159", "   42|42   |3.14")]
    [InlineData("\"%*d\" \"a\" 42", "%!(BADWIDTH)42")]
    [InlineData("\"%v %+v %#v\" .m .m .m", "map[a:[1 x]] map[a:[1 x]] map[string]interface {}{\"a\":[]interface {}{1, \"x\"}}")]
    [InlineData("\"%s|%d|%q\" .m .m .m", "map[a:[%!s(float64=1) x]]|map[%!d(string=a):[%!d(float64=1) %!d(string=x)]]|map[\"a\":[%!q(float64=1) \"x\"]]")]
    [InlineData("\"%6.2f|%s\" .m \"\"", "map[%!f(string=     a):[  1.00 %!f(string=     x)]]|")]
    [InlineData("\"%v\" 1+2i", "(1+2i)")]
    public void Printf_OfGo_PrintsAsInGo(string arguments, string expected) =>
        Assert.Equal(expected, Go.Run($"{{{{ printf {arguments} }}}}", """{"m":{"a":[1,"x"]}}"""));

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-0.0", "-0")]
    [InlineData("1e20", "100000000000000000000")]
    [InlineData("1e21", "1e+21")]
    [InlineData("1e-6", "0.000001")]
    [InlineData("1e-7", "1e-7")]
    [InlineData("1.5e-10", "1.5e-10")]
    [InlineData("123456789.125", "123456789.125")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    public void Json_OfNumber_IsAsInGo(string number, string expected) => Assert.Equal(expected, Go.Run("{{ json .n }}", $$"""{"n":{{number}}}"""));
}
