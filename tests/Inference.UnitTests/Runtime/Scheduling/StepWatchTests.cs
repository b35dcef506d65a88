using Inference.Runtime.Scheduling;

namespace Inference.UnitTests.Runtime.Scheduling;

public sealed class StepWatchTests
{
    [Fact]
    public void Leave_LastOfTheStep_SaysSo()
    {
        var watch = new StepWatch();
        var step = watch.Begin(2);

        Assert.False(watch.Leave(step));
        Assert.True(watch.Leave(step));
    }

    [Fact]
    public void Leave_StepIsOver_CountsForNothing()
    {
        var watch = new StepWatch();
        var old = watch.Begin(1);
        watch.End();
        Assert.False(watch.Leave(old));
        var next = watch.Begin(1);

        Assert.False(watch.Leave(old));
        Assert.False(watch.Leave(0));
        Assert.True(watch.Leave(next));
    }
}
