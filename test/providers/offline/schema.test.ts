import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Binding, installedBindings, providerWithoutHost, readTypeSource, type SchemaKind, typeFolder } from '../../../providers/offline/schema/bindings';
import { SchemaCache } from '../../../providers/offline/schema/cache';
import { indexGeneratedSource } from '../../../providers/offline/schema/generated-source';
import { type Attribute, type Block } from '../../../providers/offline/schema/model';
import { readBlock } from '../../../providers/offline/schema/read-binding';
import facts from './fixtures/schema-facts.json';

const root = resolve(__dirname, '../../..');
const bindings = installedBindings(root);

function binding(prefix: string): Binding {
  const found = bindings.find((candidate) => candidate.prefix === prefix);
  if (found === undefined) throw new Error(`no binding for ${prefix}`);
  return found;
}

function read(prefix: string, kind: SchemaKind, type: string): Block {
  const folder = typeFolder(binding(prefix), kind, type);
  if (folder === undefined) throw new Error(`no folder for ${type}`);
  return readBlock(readTypeSource(folder), type);
}

/** `optional+computed set(string)`, as the frozen facts write it. */
function fact(attribute: Attribute | undefined): unknown {
  if (attribute === undefined) return 'missing';
  const flags = (['required', 'optional', 'computed'] as const).filter((flag) => attribute[flag]);
  return [flags.join('+'), attribute.type];
}

function find(block: Block, path: string): Block {
  return path === '' ? block : path.split('.').reduce((parent, name) => parent.blocks[name]?.block ?? { attributes: {}, blocks: {} }, block);
}

describe('schemas read from bindings', () => {
  // Printed by `terraform providers schema -json` of azurerm 4.55.0 and aws 5.100.0 and frozen here.
  test.each(Object.entries(facts.attributes))('%s', (name, expected) => {
    const [prefix = '', kind = '', type = '', path = '', attribute = ''] = name.split(' ');
    expect(fact(find(read(prefix, kind as SchemaKind, type), path === '-' ? '' : path).attributes[attribute])).toEqual(expected);
  });

  test.each(Object.entries(facts.blocks))('block %s', (name, expected) => {
    const [prefix = '', kind = '', type = '', path = ''] = name.split(' ');
    const parents = path.split('.');
    const last = parents.pop() ?? '';
    const nested = find(read(prefix, kind as SchemaKind, type), parents.join('.')).blocks[last];
    expect(nested === undefined ? 'missing' : [nested.mode, nested.minItems, nested.maxItems]).toEqual(expected);
  });

  test('an attribute in block syntax is an attribute, a block is none', () => {
    const table = read('aws', 'resource', 'aws_route_table');
    expect(Object.keys(table.blocks)).toEqual(['timeouts']);
    expect(table.attributes['route']?.type).toEqual(['set', ['object', expect.objectContaining({ cidr_block: 'string', nat_gateway_id: 'string' })]]);
  });

  test('a provider has no alias of its own, and takes its blocks', () => {
    const provider = read('azurerm', 'provider', 'azurerm');
    expect(provider.attributes['alias']).toBeUndefined();
    expect(provider.blocks['features']?.block.blocks['key_vault']?.mode).toBe('list');
  });

  test('secrets are hidden, though bindings do not mark them', () => {
    expect(read('azurerm', 'resource', 'azurerm_linux_virtual_machine').attributes['admin_password']?.sensitive).toBe(true);
    expect(read('azurerm', 'resource', 'azurerm_virtual_network').attributes['name']?.sensitive).toBe(false);
  });

  test('members with flags of their own make a nested type', () => {
    const source = indexGeneratedSource(NESTED);
    expect(readBlock(source, 'x_thing').attributes['options']).toMatchObject({
      type: ['list', ['object', { name: 'string', state: 'string' }]],
      nested: { mode: 'list', attributes: { name: { required: true }, state: { computed: true, required: false } } },
    });
  });

  test('a declaration that is not understood is an error that quotes it', () => {
    const source = indexGeneratedSource(NESTED.replace('private _name?: string;', 'private _name?: Map<string, Date>;'));
    expect(() => readBlock(source, 'x_thing')).toThrow("cannot read the type of 'name' in XThingOptions: private _name?: Map<string, Date>;");
  });

  test('an unknown type is an error', () => {
    expect(() => readBlock(indexGeneratedSource(NESTED), 'x_other')).toThrow("the binding holds no class for Terraform type 'x_other'");
  });
});

describe('bindings', () => {
  test('addresses with and without namespace and host are one provider', () => {
    expect(['aws', 'hashicorp/aws', 'registry.example.com/hashicorp/aws'].map((source) => providerWithoutHost(source))).toEqual(Array(3).fill('hashicorp/aws'));
  });

  test('a type that the binding lacks has no folder', () => {
    expect(typeFolder(binding('aws'), 'resource', 'aws_no_such_thing')).toBeUndefined();
  });
});

describe('schema cache', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offline-cache-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('the second look-up is answered from disk', () => {
    const first = new SchemaCache(folder).block(binding('aws'), 'resource', 'aws_vpc');
    const [entry = ''] = readdirSync(folder);
    expect(entry).toMatch(/^cdktf-provider-aws-\d+\.\d+\.\d+-[0-9a-f]{12}$/);
    const file = join(folder, entry, 'resource', 'aws_vpc.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(first);
    writeFileSync(file, JSON.stringify({ attributes: {}, blocks: {} }));
    expect(new SchemaCache(folder).block(binding('aws'), 'resource', 'aws_vpc')).toEqual({ attributes: {}, blocks: {} });
  });
});

/** As CDKTF's generator writes it, cut down to what carries facts. */
const NESTED = `
export interface XThingConfig extends cdktf.TerraformMetaArguments {
  /**
  * Docs at Terraform Registry: {@link https://example.com/x/thing#options XThing#options}
  */
  readonly options?: XThingOptions[] | cdktf.IResolvable;
}
export class XThingOptionsOutputReference extends cdktf.ComplexObject {
  // name - computed: false, optional: false, required: true
  private _name?: string; 
  public get name() {
    return this.getStringAttribute('name');
  }

  // state - computed: true, optional: false, required: false
  public get state() {
    return this.getStringAttribute('state');
  }
}
export class XThing extends cdktf.TerraformResource {
  public static readonly tfResourceType = "x_thing";

  // options - computed: false, optional: true, required: false
  private _options = new XThingOptionsList(this, "options", false);
  public get options() {
    return this._options;
  }

  protected synthesizeHclAttributes(): { [name: string]: any } {
    const attrs = {
      options: {
        value: cdktf.listMapperHcl(xThingOptionsToHclTerraform, false)(this._options.internalValue),
        isBlock: true,
        type: "list",
        storageClassType: "XThingOptionsList",
      },
    };
  }
}
`;
