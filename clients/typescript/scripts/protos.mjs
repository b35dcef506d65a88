// Lays the contract into the package, where it is loaded from at run time, and makes the types of its messages. The google/ imports are
// where the build of src/Inference.Contracts puts them.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const imports = here('../../artifacts/googleapis/google');
if (!existsSync(imports)) {
  console.error('The google/ protos are not there yet: dotnet build src/Inference.Contracts');
  process.exit(1);
}

rmSync(here('protos'), { recursive: true, force: true });
rmSync(here('src/generated'), { recursive: true, force: true });
cpSync(here('../../protos/inference'), here('protos/inference'), { recursive: true });
cpSync(imports, here('protos/google'), { recursive: true });

execFileSync(process.execPath, [
  here('node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js'),
  '--longs=String', '--enums=String', '--defaults', '--oneofs', '--includeComments', '--grpcLib=@grpc/grpc-js', '--importFileExtension=.js',
  '--includeDirs', here('protos'), '--outDir', here('src/generated'),
  'inference/v1/inference.proto', 'inference/v1/models.proto', 'inference/v1/server.proto', 'google/rpc/status.proto', 'google/rpc/error_details.proto',
], { stdio: ['ignore', 'ignore', 'inherit'] });
