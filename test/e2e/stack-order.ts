/** What Terraform may do before what, read from a synthesized stack. */

/** A stack as `cdk.tf.json` has it, as far as it is read here. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** The addresses of the resources of a type, sorted. */
export function addressesOfType({ resource = {} }: StackJson, type: string): string[] {
  return Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`).sort();
}

/** The addresses of the resources that neither are the one at an address nor need it, however indirectly. */
export function independentOf(stack: StackJson, address: string): string[] {
  const nodes = new Map<string, object>();
  for (const [prefix, kinds] of [['', stack.resource], ['data.', stack.data]] as const) {
    for (const [type, named] of Object.entries(kinds ?? {})) {
      for (const [name, content] of Object.entries(named)) nodes.set(`${prefix}${type}.${name}`, content);
    }
  }
  const needs = new Map([...nodes].map(([node, content]) => [node, references(content).filter((each) => nodes.has(each))]));
  const waiting = new Set([address]);
  for (let before = 0; before < waiting.size;) {
    before = waiting.size;
    for (const [node, needed] of needs) if (needed.some((each) => waiting.has(each))) waiting.add(node);
  }
  return [...nodes.keys()].filter((node) => !node.startsWith('data.') && !waiting.has(node)).sort();
}

/** Whatever looks like an address: in expressions and in `depends_on` alike. */
function references(content: object): string[] {
  return [...JSON.stringify(content).matchAll(/(?:data\.)?\b[a-z]\w*\.[A-Za-z_][\w-]*/g)].map(([text]) => text);
}
