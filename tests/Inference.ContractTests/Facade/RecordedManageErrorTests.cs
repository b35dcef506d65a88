namespace Inference.ContractTests.Facade;

/// <summary>The recorded errors of the routes that change the store: create, copy, delete, pull, push and blobs.</summary>
public sealed class RecordedManageErrorTests
{
    [Fact]
    public async Task Answer_RecordedErrors_EmptyStore() => await ReplayAsync(await ManageScene.EmptyAsync(), expectedCases: 142);

    [Fact]
    public async Task Answer_RecordedErrors_FixtureStore() => await ReplayAsync(await ManageScene.FixturesAsync(), expectedCases: 12);

    [Fact]
    public async Task Answer_RecordedErrors_StoreThatCannotBeListed() => await ReplayAsync(await ManageScene.BrokenAsync(), expectedCases: 5);

    [Fact]
    public async Task Answer_RecordedErrors_Registry() => await ReplayAsync(await ManageScene.RegistryAsync(), expectedCases: 23);

    private static async Task ReplayAsync(ManageScene scene, int expectedCases)
    {
        await using (scene)
        {
            await ErrorReplay.RunAsync(scene.Host, scene.Records, expectedCases);
        }
    }
}
