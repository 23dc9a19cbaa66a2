/** Finds resources in `cdk.tf.json` and follows `${type.name.attribute}` from one to the next. */
import type { SynthesizedStack } from '../observation';

export interface Resource {
  /** `azurerm_subnet.x` */
  readonly address: string;
  readonly config: Record<string, any>;
}

export class StackReader {
  constructor(readonly stack: SynthesizedStack) {}

  all(type: string): readonly Resource[] {
    return Object.entries(this.stack.resource?.[type] ?? {}).map(([name, config]) => ({ address: `${type}.${name}`, config }));
  }

  /** The resource that a value refers to, by whatever attribute. */
  target(value: unknown): Resource | undefined {
    const match = /^\$\{(\w+)\.([\w-]+)\.[^}]*\}$/.exec(String(value ?? ''));
    const config = match && this.stack.resource?.[match[1]!]?.[match[2]!];
    return config ? { address: `${match[1]}.${match[2]}`, config } : undefined;
  }

  /** Those of a type whose attribute refers to a resource. */
  referring(type: string, attribute: string, to: Resource): readonly Resource[] {
    return this.all(type).filter(({ config }) => this.target(config[attribute])?.address === to.address);
  }
}

/** Blocks appear as one object or as a list of them. */
export function blocks(value: unknown): readonly Record<string, any>[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as Record<string, any>[];
}

export function texts(...values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value])).map(String);
}
