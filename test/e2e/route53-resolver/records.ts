/** What the objects of the Route 53 Resolver API have in common: ids, ARNs, tags, and states that take time. */
import { createHash, randomUUID } from 'node:crypto';
import { ApiError, demand } from '../api-error';

/** A tag, as the API has it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** One object; times are milliseconds of the stand-in's clock. */
export interface ApiRecord {
  readonly Id: string;
  readonly Arn: string;
  tags: Tag[];
  /** When the last change has reached the resolver. */
  settledAt: number;
}

/** Where the stand-in stands. */
export interface Site {
  readonly account: string;
  readonly region: string;
  readonly now: () => number;
  /** How long a change takes, in milliseconds. */
  readonly settleTime: number;
}

/** The objects of one kind. */
export class Records<T extends ApiRecord> {
  private readonly byId = new Map<string, T>();

  /**
   * @param prefix of ids: `rslvr-fdl`
   * @param path of ARNs: `firewall-domain-list`
   */
  constructor(private readonly site: Site, private readonly prefix: string, private readonly path: string) {}

  /** @throws ApiError unless the name is 1-64 letters, digits, hyphens, underscores and spaces, and no number */
  add(name: string | undefined, tags: Tag[] | undefined, rest: Omit<T, keyof ApiRecord>): T {
    demand(name === undefined || /^(?!\d+$)[a-zA-Z0-9\-_' ]{1,64}$/.test(name), 'ValidationException', `'${name}' is not a name`);
    const Id = `${this.prefix}-${createHash('sha256').update(randomUUID()).digest('hex').slice(0, 16)}`;
    const { account, region } = this.site;
    const record = { ...rest, Id, Arn: `arn:aws:route53resolver:${region}:${account}:${this.path}/${Id}`, tags: tags ?? [], settledAt: 0 } as T;
    this.settle(record);
    this.byId.set(Id, record);
    return record;
  }

  /** @throws ApiError ResourceNotFoundException */
  get(id: string | undefined): T {
    const found = this.byId.get(id ?? '');
    if (!found) throw new ApiError('ResourceNotFoundException', `[RSLVR-00503] Cannot find ${this.path} with id '${id}'.`);
    return found;
  }

  remove({ Id }: T): void {
    this.byId.delete(Id);
  }

  all(): T[] {
    return [...this.byId.values()];
  }

  /** A change begins. */
  settle(record: T): void {
    record.settledAt = this.site.now() + this.site.settleTime;
  }

  settled({ settledAt }: T): boolean {
    return this.site.now() >= settledAt;
  }
}

/** One page of a list; the token is the place of the next item. */
export function page<T>(key: string, items: readonly T[], input: { readonly NextToken?: string; readonly MaxResults?: number }): object {
  const start = Number(input.NextToken ?? 0);
  const end = start + (input.MaxResults ?? 100);
  return { [key]: items.slice(start, end), ...(end < items.length ? { NextToken: String(end) } : {}) };
}
