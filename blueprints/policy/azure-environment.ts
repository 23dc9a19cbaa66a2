/** An environment's part on Azure: its fields, and its canonical form. What has to fit together: `check-azure.ts`. */
import * as z from 'zod';
import { azureOptionFields, canonicalOptions, distinctIds } from './azure-fields';
import { blockText } from './cidr';
import { filled, formatted, mixed, networkBlock, regionField } from './fields';
import type { AzureEnvironment } from './model';
import { canonicalCluster } from './canonical-pods';
import { clusterSchema } from './pods-schema';
import type { Finding } from './problems';
import { compare } from './rules';

export { checkAzureEnvironment } from './check-azure';

const DEFAULT_ZONES: readonly number[] = [1, 2, 3];

const zoneField = mixed<number>(
  'A zone: 1, 2 or 3.',
  (value): Finding | undefined => ([1, 2, 3].includes(value as number) ? undefined : {
    code: 'bad-zones',
    message: 'is not a zone',
    fix: 'write 1, 2 or 3',
  }),
  { type: 'integer', minimum: 1, maximum: 3 },
);

const resourceId = formatted(
  'The id of a resource.',
  /^\/subscriptions\/[^/\s$%{}]+\/resourceGroups\/[^/\s$%{}]+\/providers\/[A-Za-z0-9.]+(\/[A-Za-z0-9]+\/[^/\s$%{}]+)+$/i,
  'the id of a resource',
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/acme/providers/Microsoft.KeyVault/vaults/acme-prod',
);

/** `environments[].azure` as it is written. */
export const azureEnvironmentSchema = z
  .strictObject({
    region: regionField('azure'),
    zones: z.array(zoneField).meta({ description: 'Zones of the firewall; [] where the region has none. Default: [1, 2, 3].' }).optional(),
    cidr: networkBlock('/12 to /20'),
    subscription: formatted(
      'The subscription id.',
      /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
      'a subscription id',
      '00000000-0000-0000-0000-000000000000',
    ),
    privateEndpoints: z
      .record(z.string(), filled(resourceId, 'Resources that get a private endpoint.'))
      .meta({ description: 'By the name of a private service: the resources behind it. Azure makes an endpoint for a resource, not for a service.' })
      .optional(),
    cluster: clusterSchema('azure').optional(),
    ...azureOptionFields,
  })
  .meta({ description: 'This environment on Azure.' });

/** What `environments[].azure` holds once the schema accepts it. */
export type AzureEnvironmentInput = z.infer<typeof azureEnvironmentSchema>;

/** Defaults filled in, lists sorted, blocks and ids in their canonical form. @param defaultCluster the name of a cluster that is given none */
export function canonicalAzureEnvironment(input: AzureEnvironmentInput, defaultCluster: string): AzureEnvironment {
  return {
    cloud: 'azure',
    region: input.region,
    cidr: blockText(input.cidr),
    zones: [...new Set(input.zones ?? DEFAULT_ZONES)].sort((a, b) => a - b).map((zone) => ({ name: String(zone), slot: zone - 1 })),
    subscription: input.subscription.toLowerCase(),
    privateEndpoints: Object.fromEntries(
      Object.entries(input.privateEndpoints ?? {})
        .sort(([a], [b]) => compare(a, b))
        .map(([service, resources]) => [service, distinctIds(resources)]),
    ),
    // The name that the network's stack gives a cluster of its own.
    ...canonicalCluster(input.cluster, input.kubernetes ? `${defaultCluster}-kubernetes` : defaultCluster),
    ...canonicalOptions(input),
  };
}
