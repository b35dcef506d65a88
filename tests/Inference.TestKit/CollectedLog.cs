using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Inference.TestKit;

/// <summary>Keeps what is logged at Warning and above.</summary>
public sealed class CollectedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LoggedLine> _lines = [];

    public IReadOnlyCollection<LoggedLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Category(string name, ConcurrentQueue<LoggedLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue(new LoggedLine(name, logLevel, formatter(state, exception), exception));
            }
        }
    }
}

/// <summary>A line of the log.</summary>
public sealed record LoggedLine(string Category, LogLevel Level, string Text, Exception? Exception);
