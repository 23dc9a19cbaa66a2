import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProviderMirror } from './provider-mirror';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function mirror(name: string, ...entries: string[]): string {
  const at = join(folder, name);
  for (const entry of entries) mkdirSync(join(at, 'registry.terraform.io/hashicorp/aws', entry), { recursive: true });
  return at;
}

test('the variable names the mirror, packed or unpacked, and the newest version in range counts', () => {
  const at = mirror('m', '5.99.0', '5.100.0', 'terraform-provider-aws_6.25.0_linux_amd64.zip', '7.0.0', 'index.json');
  expect(findProviderMirror({ EGRESS_PROVIDER_MIRROR: at })).toEqual({ folder: at, version: '6.25.0' });
});

test('a mirror that is named and has no version in range is not replaced by another one', () => {
  expect(findProviderMirror({ EGRESS_PROVIDER_MIRROR: mirror('old', '5.99.0', '7.1.0') })).toBeUndefined();
});

test.each([
  ['a mirror', (at: string) => `provider_installation {\n  filesystem_mirror {\n    path    = "${at}"\n    include = ["*/*"]\n  }\n}\n`],
  ['a plugin cache', (at: string) => `plugin_cache_dir = "${at}"\n`],
])('%s of the CLI configuration is found', (_, config) => {
  const at = mirror('m', '5.100.0');
  const file = join(folder, 'cli.tfrc');
  writeFileSync(file, config(at));
  expect(findProviderMirror({ TF_CLI_CONFIG_FILE: file })).toEqual({ folder: at, version: '5.100.0' });
});

test("the folders of Terraform's own search are found", () => {
  const at = mirror('data/terraform/plugins', '5.100.0');
  // Elsewhere the CDKTF CLI keeps a cache of its own, which is found first.
  expect(findProviderMirror({ HOME: folder, XDG_DATA_HOME: join(folder, 'data') })).toEqual({ folder: at, version: '5.100.0' });
});
