/** Everything that has to be right about a policy as a whole. Each check sees only what the schema accepted. */
import { checkAllowRules } from './check-allow';
import { checkAwsQuotas } from './check-aws-quotas';
import { checkAzureNeighbours, haveZones } from './check-azure-neighbours';
import { repeated, type CheckContext } from './check-context';
import { checkEnvironments, cloudsInUse } from './check-environments';
import { checkGoogleServices } from './check-google';
import { checkRedundancy } from './check-redundancy';
import { checkPods } from './check-pods';
import { checkSegments } from './check-segments';
import { NEUTRAL_SERVICES, type Cloud } from './model';
import type { PolicyInput } from './schema';
import type { Sound } from './schema-findings';
import { neutralName } from './service-names';
import { nearest, suggestion } from './suggest';

const STATE_KINDS = ['local', 's3', 'gcs', 'azurerm', 'cloud'] as const;

/** Reports to the context; returns nothing and changes nothing. */
export function checkPolicy(input: Sound<PolicyInput>, context: CheckContext): void {
  const used = input.environments ? cloudsInUse(input.environments) : undefined;
  checkAllowRules(input.allow ?? [], input.environments ?? undefined, context);
  checkRedundancy(input.allow ?? [], (input.environments ?? []).flatMap((environment) => environment?.name ?? []), context);
  checkSegments(input.segments ?? [], context);
  checkPods(input, context);
  checkServices(input.privateServices ?? [], used, context);
  checkEnvironments(input.environments ?? [], input.organization, context);
  checkAwsQuotas(input, context);
  checkAzureNeighbours(input.environments ?? [], () => haveZones(input.privateServices), context);
  checkEndpointServices(input, context);
  checkGoogleServices(input, context);
  checkState(input.state, context);
}

function checkServices(services: readonly (string | null)[], used: ReadonlySet<Cloud> | undefined, context: CheckContext): void {
  repeated(services, (index) => context.error(
    ['privateServices', index],
    'duplicate-service',
    'is listed twice',
    'keep one of the two',
    services[index],
  ));
  services.forEach((service, index) => {
    if (service === null) return;
    const [cloud, name] = service.split(':');
    const at = ['privateServices', index];
    const neutral = neutralName(service);
    // Whoever meant a neutral name is not led to one of AWS's that there is not.
    const near = neutral !== undefined || nearest(service, NEUTRAL_SERVICES) !== undefined;
    // On Azure both are one service: 'queue' and 'azure:queue'.
    if (cloud === 'azure' && name !== undefined && services.includes(name)) {
      context.error(at, 'duplicate-service', `is listed as '${name}', too`, 'keep one of the two', service);
    }
    if (name === undefined && !NEUTRAL_SERVICES.some((neutral) => neutral === service)) {
      context.error(
        at,
        'unknown-service',
        'is not a service that every cloud has',
        `${suggestion(neutral ?? service, NEUTRAL_SERVICES, 'services')}; or a cloud's own, such as 'aws:${near ? 'rds-data' : service}'`,
        service,
      );
    } else if (name !== undefined && used && !used.has(cloud as Cloud)) {
      context.warning(at, 'unused-service', `is for ${cloud}, and no environment is on it`, 'remove it, or add the environment', service);
    }
  });
}

/** An endpoint for a service that the policy does not list would be made for nothing. */
function checkEndpointServices({ environments, privateServices }: Sound<PolicyInput>, context: CheckContext): void {
  const listed = (privateServices ?? []).flatMap((service) => {
    const [cloud, name] = (service ?? '').split(':');
    return name === undefined ? [cloud as string] : cloud === 'azure' ? [name] : [];
  });
  environments?.forEach((environment, index) => {
    if (environment?.azure?.kubernetes && !listed.includes('kubernetes')) {
      context.error(['environments', index, 'azure', 'kubernetes'], 'kubernetes-without-service', 'is a private cluster, and nothing would find its private name', "add 'kubernetes' to privateServices");
    }
    for (const service of Object.keys(environment?.azure?.privateEndpoints ?? {})) {
      if (listed.includes(service)) continue;
      context.error(
        ['environments', index, 'azure', 'privateEndpoints', service],
        'endpoint-without-service',
        'is not among the private services',
        `add '${(NEUTRAL_SERVICES as readonly string[]).includes(service) ? service : `azure:${service}`}' to privateServices, or remove it here`,
        service,
      );
    }
  });
}

function checkState(state: Sound<PolicyInput>['state'], context: CheckContext): void {
  if (!state) return;
  const kinds = STATE_KINDS.filter((kind) => state[kind] !== undefined);
  // A key that is not known was reported; what it was meant to be is not missing.
  if (kinds.length === 1 || (kinds.length === 0 && Object.keys(state).length > 0)) return;
  const message = kinds.length ? `names ${kinds.length} places: ${kinds.join(', ')}` : 'names no place';
  context.error(['state'], 'state-choice', message, `name one of ${STATE_KINDS.join(', ')}`);
}
