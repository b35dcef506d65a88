using Microsoft.Extensions.Options;

namespace Inference.Server.Options;

/// <summary>The settings that somebody set, as configuration, and who set them.</summary>
internal sealed class ChosenSettings
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _origins = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _warnings = [];

    /// <summary>Configuration keys and values.</summary>
    public IReadOnlyDictionary<string, string?> Values => _values;

    /// <summary>What was read leniently, in sentences.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="setting">Which.</param>
    /// <param name="origin">How it was spelled, and where.</param>
    /// <param name="text">Its value.</param>
    /// <param name="strict">A value that cannot be read ends the start.</param>
    public void Add(Setting setting, string origin, string text, bool strict)
    {
        if (text.Length == 0 || setting.Kind.Read(text) is not { } value)
        {
            if (strict)
            {
                throw new StartException(ExitCode.Usage, $"{origin}: {setting.Kind.Expectation}");
            }

            _warnings.Add($"{origin}: {setting.Kind.Expectation}; using the default {setting.Default}");
            return;
        }

        if (setting.Kind == ValueKinds.Address)
        {
            CheckPort(origin, value, strict);
        }

        _values[setting.Key] = value;
        _origins[setting.Key] = origin;
    }

    /// <exception cref="StartException">A value is out of its range.</exception>
    public T Bind<T>(string section, IValidateOptions<T> validator) where T : class, new()
    {
        var options = new T();
        new ConfigurationBuilder().AddInMemoryCollection(_values).Build().GetSection(section).Bind(options);
        var result = validator.Validate(name: null, options);
        return result.Failed ? throw new StartException(ExitCode.Usage, Sentence(section, result.Failures)) : options;
    }

    /// <summary>A setting whose text is read further than a configuration goes.</summary>
    /// <exception cref="StartException">It cannot be.</exception>
    public T Read<T>(string key, Func<string?, T> parse)
    {
        try
        {
            return parse(_values.GetValueOrDefault(key));
        }
        catch (FormatException e)
        {
            throw new StartException(ExitCode.Usage, $"{_origins[key]}: {e.Message}", e);
        }
    }

    /// <summary>What fits no single setting.</summary>
    /// <exception cref="StartException">Two settings contradict each other.</exception>
    public void CheckTogether()
    {
        if (_values.ContainsKey(Settings.Certificate))
        {
            return;
        }

        if (_values.TryGetValue(Settings.TlsOnly, out var only) && only == "true")
        {
            throw new StartException(ExitCode.Usage, $"{_origins[Settings.TlsOnly]}: there is no certificate (--tls-certificate, INFERENCE_TLS_CERTIFICATE)");
        }

        if (_values.TryGetValue(Settings.Listen, out var listen) && ListenAddress.Parse(listen!, out _) is { Secure: true, Port: var port })
        {
            _warnings.Add($"{_origins[Settings.Listen]}: there is no certificate, so port {port} speaks cleartext only");
        }
    }

    private void CheckPort(string origin, string value, bool strict)
    {
        ListenAddress.Parse(value, out var warning);
        if (warning is not null && strict)
        {
            throw new StartException(ExitCode.Usage, $"{origin}: {warning[..warning.IndexOf(';', StringComparison.Ordinal)]}");
        }

        _warnings.AddRange(warning is null ? [] : [$"{origin}: {warning}"]);
    }

    /// <summary>The first failure, led by what set it.</summary>
    private string Sentence(string section, IEnumerable<string> failures)
    {
        // "MaxQueue: The field RuntimeOptions.MaxQueue must be between 1 and 65536."
        var failure = failures.First().TrimEnd('.');
        var property = failure.Split(':', 2)[0];
        var must = failure.IndexOf(" must ", StringComparison.Ordinal);
        return _origins.TryGetValue($"{section}:{property}", out var origin) && must > 0 ? $"{origin}:{failure[must..]}" : failure;
    }
}
