/** Whose something is: its account, project or subscription, as far as its file tells. */
import { own } from './json';
import type { ProviderAccounts } from './provider-settings';
import type { Resource } from './resource-graph';

/** As the resource says, or its ARN or id, or what its provider block says. Undefined where the file does not tell. */
export function accountOf(resource: Resource, accounts: ProviderAccounts | undefined): string | undefined {
  return told(resource) ?? accounts?.get(resource.providerConfig ?? (resource.type.split('_', 1)[0] as string));
}

function told({ values, type }: Resource): string | undefined {
  const text = (name: string): string | undefined => {
    const value = own(values, name);
    return typeof value === 'string' && value !== '' && !value.includes('${') ? value : undefined;
  };
  if (type.startsWith('google_')) return text('project') ?? projectOf(text('id') ?? '');
  if (type.startsWith('azurerm_')) return subscriptionOf(text('id') ?? '');
  return text('arn')?.split(':', 5)[4] || text('owner_id');
}

/** The subscription of an id of Azure, or the project of an account's address. */
export function ownerIn(id: string): string | undefined {
  return subscriptionOf(id) ?? /@([^@.]+)\.iam\.gserviceaccount\.com$/.exec(id)?.[1];
}

function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();
}

/** Its number, which some ids have instead, says nothing beside names. */
function projectOf(id: string): string | undefined {
  return /^projects\/([^/]*[^/\d][^/]*)\//.exec(id)?.[1];
}

/** Undefined where the files do not tell of both. */
export function isSameAccount(one: Resource, other: Resource, accounts: ProviderAccounts | undefined): boolean | undefined {
  const [first, second] = [accountOf(one, accounts), accountOf(other, accounts)];
  return first === undefined || second === undefined ? undefined : first === second;
}
