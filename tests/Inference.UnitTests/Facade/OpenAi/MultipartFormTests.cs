using System.Text;
using Inference.Errors;
using Inference.Facade.OpenAi.Requests;

namespace Inference.UnitTests.Facade.OpenAi;

public sealed class MultipartFormTests
{
    private const string Type = "multipart/form-data; boundary=B";

    [Theory]
    [InlineData("", "", "request Content-Type isn't multipart/form-data")]
    [InlineData("application/json", "", "request Content-Type isn't multipart/form-data")]
    [InlineData("multipart/form-data; boundary", "", "request Content-Type isn't multipart/form-data")]
    [InlineData("multipart/form-data; boundary=a; boundary=b", "", "request Content-Type isn't multipart/form-data")]
    [InlineData("multipart/form-data;", "", "no multipart boundary param in Content-Type")]
    [InlineData("multipart/form-data; boundary=\"\"", "", "multipart: boundary is empty")]
    [InlineData(Type, "", "multipart: NextPart: EOF")]
    [InlineData(Type, "preamble\r\n", "multipart: NextPart: EOF")]
    [InlineData(Type, "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", "unexpected EOF")]
    [InlineData(Type, "--B\r\nnonsense\r\n\r\nx\r\n--B--", "malformed MIME header line: nonsense")]
    [InlineData(Type, "--B\r\nA: b\r\n\r\nx\r\n--B", "multipart: NextPart: EOF")]
    [InlineData(Type, "--B\r\nA: b\r\n\r\nx\r\n--B junk\r\n", "multipart: expecting a new Part; got line \"--B junk\\r\\n\"")]
    public void Read_WhatIsNoForm_SaysWhatGoSays(string contentType, string body, string expected) =>
        Assert.Equal(("REQUEST_MALFORMED", $"failed to parse multipart form: {expected}"), Bodies.Problem(() => Read(contentType, body)));

    [Theory]
    [InlineData("--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--B\r\nContent-Disposition: form-data; name=file; filename=\"a;b.wav\"\r\n\r\n--Bx\r\n\r\n--B--\r\n")]
    [InlineData("before\n--B  \ncontent-disposition: FORM-DATA; Name=model\n\nm\n--B\nX: y\nContent-Disposition: form-data; name=file; filename=a\n\n--Bx\r\n\n--B--")]
    public void Read_Form_HasValuesAndFiles(string body)
    {
        var form = Read(Type, body);
        Assert.Equal("m", form.Value("model"));
        Assert.Equal("--Bx\r\n", Encoding.UTF8.GetString(form.File("file")!.Value.Span));
    }

    [Fact]
    public void Read_NothingUnderAName_IsEmptyOrNull()
    {
        var form = Read("Multipart/Form-Data; Boundary=\"B\"", "--B--");
        Assert.Equal("", form.Value("model"));
        Assert.Null(form.File("file"));
    }

    [Fact]
    public void Read_TwiceTheSameName_TheFirstCounts() =>
        Assert.Equal("1", Read(Type, "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=a\r\n\r\n2\r\n--B--").Value("a"));

    private static MultipartForm Read(string contentType, string body) => MultipartForm.Read(contentType, Encoding.UTF8.GetBytes(body));
}
