using Inference.Facade;
using Inference.Runtime;
using Inference.Services;
using Inference.Store;
using Inference.Store.Identity;
using Inference.Store.Remote;
using Microsoft.Extensions.Options;

namespace Inference.Server.Options;

[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;

[OptionsValidator]
internal sealed partial class RuntimeOptionsValidator : IValidateOptions<RuntimeOptions>;

[OptionsValidator]
internal sealed partial class StoreOptionsValidator : IValidateOptions<StoreOptions>;

[OptionsValidator]
internal sealed partial class ServiceOptionsValidator : IValidateOptions<ServiceOptions>;

[OptionsValidator]
internal sealed partial class FacadeOptionsValidator : IValidateOptions<FacadeOptions>;

[OptionsValidator]
internal sealed partial class IdentityOptionsValidator : IValidateOptions<IdentityOptions>;

[OptionsValidator]
internal sealed partial class CloudOptionsValidator : IValidateOptions<CloudOptions>;
