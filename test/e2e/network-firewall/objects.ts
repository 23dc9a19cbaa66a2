/** What rule groups, policies and firewalls have in common: names, ARNs, tags, update tokens. */
import { randomUUID } from 'node:crypto';
import type { EncryptionConfiguration, Tag } from '@aws-sdk/client-network-firewall';
import { ApiError } from '../api-error';

/** One object of the API. */
export interface ApiObject {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  /** Changes with each update; an update must bring the current one. */
  updateToken: string;
  tags: Tag[];
  /** Default: a key that AWS owns. */
  encryption?: EncryptionConfiguration | undefined;
}

/** The `EncryptionConfiguration` of answers. */
export function encryptionOf({ encryption }: ApiObject): EncryptionConfiguration {
  return encryption ?? { Type: 'AWS_OWNED_KMS_KEY', KeyId: 'AWS_OWNED_KMS_KEY' };
}

/** How a request names an object. */
export interface Reference {
  readonly arn?: string | undefined;
  readonly name?: string | undefined;
}

/** The objects of one kind in one region. */
export class Objects<T extends ApiObject> {
  private readonly byArn = new Map<string, T>();

  /** @param kind as error messages say it: `rule group` */
  constructor(private readonly kind: string) {}

  /** @throws ApiError when the name is taken or is no name */
  add(object: T): T {
    if (!/^[a-zA-Z0-9-]{1,128}$/.test(object.name)) {
      throw new ApiError('InvalidRequestException', `'${object.name}' is not a name: 1-128 letters, digits and hyphens`);
    }
    if (this.byArn.has(object.arn)) {
      throw new ApiError('InvalidRequestException', `A resource with the specified name already exists: ${object.name}`);
    }
    this.byArn.set(object.arn, object);
    return object;
  }

  /** @throws ApiError ResourceNotFoundException */
  get({ arn, name }: Reference): T {
    if (!arn && !name) throw new ApiError('InvalidRequestException', `name the ${this.kind} by its ARN or name`);
    const found = arn ? this.byArn.get(arn) : this.all().find((object) => object.name === name);
    if (!found || (arn && name && found.name !== name)) {
      throw new ApiError('ResourceNotFoundException', `no ${this.kind} ${arn ?? name}`);
    }
    return found;
  }

  has(arn: string): boolean {
    return this.byArn.has(arn);
  }

  remove(object: T): void {
    this.byArn.delete(object.arn);
  }

  all(): T[] {
    return [...this.byArn.values()];
  }
}

/** A fresh id or update token. */
export const newToken: () => string = randomUUID;

/**
 * Checks the token that an update brings, and gives the object its next one.
 *
 * @param optional operations on firewalls may leave the token out and then overwrite whatever is there
 * @throws ApiError InvalidTokenException
 */
export function renewToken(object: ApiObject, token: string | undefined, optional = false): void {
  if (token === undefined && !optional) throw new ApiError('InvalidRequestException', 'UpdateToken is missing');
  if (token !== undefined && token !== object.updateToken) {
    throw new ApiError('InvalidTokenException', `the update token of ${object.name} is not the current one; describe it and try again`);
  }
  object.updateToken = newToken();
}

/** One page of a list; the token is the place of the next item. */
export function page<T>(items: readonly T[], input: { NextToken?: string | undefined; MaxResults?: number | undefined }): { items: T[]; NextToken?: string } {
  const start = Number(input.NextToken ?? 0);
  const end = start + (input.MaxResults ?? 100);
  return { items: items.slice(start, end), ...(end < items.length ? { NextToken: String(end) } : {}) };
}
