import { randomBytes } from 'node:crypto';
import type { MotoGap } from './gap';

/** What is left out of the block, as the API tells it. */
interface Exclusion {
  readonly id: string;
  readonly mode: string;
  readonly arn: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

const DAY = '2026-01-01T00:00:00.000Z';

/**
 * moto has no VPC Block Public Access, so this answers for it, and refuses what AWS refuses: an
 * exclusion names a network or a subnet, and each once.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcBlockPublicAccessOptions.html
 */
export function publicAccessBlock(account: string, region: string): MotoGap {
  let mode = 'off';
  let state = 'default-state';
  const exclusions = new Map<string, Exclusion>();
  const options = () => `<vpcBlockPublicAccessOptions><awsAccountId>${account}</awsAccountId><awsRegion>${region}</awsRegion><state>${state}</state><internetGatewayBlockMode>${mode}</internetGatewayBlockMode><lastUpdateTimestamp>${DAY}</lastUpdateTimestamp><managedBy>account</managedBy><exclusionsAllowed>allowed</exclusionsAllowed></vpcBlockPublicAccessOptions>`;
  const xml = ({ id, mode: allowed, arn, tags }: Exclusion, state: string) => `<exclusionId>${id}</exclusionId><internetGatewayExclusionMode>${allowed}</internetGatewayExclusionMode><resourceArn>${arn}</resourceArn><state>${state}</state><creationTimestamp>${DAY}</creationTimestamp><lastUpdateTimestamp>${DAY}</lastUpdateTimestamp><tagSet>${tags.map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`).join('')}</tagSet>`;

  const answers: Readonly<Record<string, (request: URLSearchParams) => string>> = {
    ModifyVpcBlockPublicAccessOptions(request) {
      mode = request.get('InternetGatewayBlockMode') ?? mode;
      state = 'update-complete';
      return options();
    },
    DescribeVpcBlockPublicAccessOptions: options,
    CreateVpcBlockPublicAccessExclusion(request) {
      const subnet = request.get('SubnetId');
      const arn = `arn:aws:ec2:${region}:${account}:${subnet ? `subnet/${subnet}` : `vpc/${request.get('VpcId')}`}`;
      const made: Exclusion = { id: `vpcbpa-exclude-${randomBytes(8).toString('hex')}`, mode: request.get('InternetGatewayExclusionMode')!, arn, tags: tagsOf(request) };
      exclusions.set(made.id, made);
      return `<vpcBlockPublicAccessExclusion>${xml(made, 'create-complete')}</vpcBlockPublicAccessExclusion>`;
    },
    ModifyVpcBlockPublicAccessExclusion(request) {
      const changed = { ...exclusions.get(request.get('ExclusionId')!)!, mode: request.get('InternetGatewayExclusionMode')! };
      exclusions.set(changed.id, changed);
      return `<vpcBlockPublicAccessExclusion>${xml(changed, 'update-complete')}</vpcBlockPublicAccessExclusion>`;
    },
    DeleteVpcBlockPublicAccessExclusion(request) {
      const gone = exclusions.get(request.get('ExclusionId')!)!;
      exclusions.delete(gone.id);
      return `<vpcBlockPublicAccessExclusion>${xml(gone, 'delete-complete')}</vpcBlockPublicAccessExclusion>`;
    },
    DescribeVpcBlockPublicAccessExclusions(request) {
      const asked = [...request].filter(([key]) => key.startsWith('ExclusionId.')).map(([, value]) => value);
      const found = [...exclusions.values()].filter(({ id }) => asked.length === 0 || asked.includes(id));
      return `<vpcBlockPublicAccessExclusionSet>${found.map((each) => `<item>${xml(each, 'create-complete')}</item>`).join('')}</vpcBlockPublicAccessExclusionSet>`;
    },
  };
  return {
    service: 'ec2',
    operations: Object.keys(answers),
    async refuse(request) {
      const action = request.get('Action');
      const arn = (id: string | null) => [...exclusions.values()].some((each) => id !== null && each.arn.endsWith(`/${id}`));
      if (action === 'CreateVpcBlockPublicAccessExclusion') {
        const named = [request.get('VpcId'), request.get('SubnetId')].filter((id) => id !== null);
        if (named.length !== 1) return { code: 'InvalidParameterCombination', message: 'name a VPC or a subnet' };
        if (named.some(arn)) return { code: 'VpcBlockPublicAccessExclusionExists', message: `${named[0]} is excluded` };
      }
      const id = request.get('ExclusionId');
      return id !== null && !exclusions.has(id) ? { code: 'InvalidVpcBlockPublicAccessExclusionId.NotFound', message: `${id} does not exist` } : undefined;
    },
    answer(request) {
      const action = request.get('Action')!;
      return `<?xml version="1.0" encoding="UTF-8"?><${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>gateway</requestId>${answers[action]!(request)}</${action}Response>`;
    },
  };
}

function tagsOf(request: URLSearchParams): Exclusion['tags'] {
  const keys = [...request.keys()].filter((key) => /^TagSpecification\.1\.Tag\.\d+\.Key$/.test(key));
  return keys.map((key) => [request.get(key)!, request.get(key.replace(/Key$/, 'Value')) ?? ''] as const);
}
