import type { MotoGap } from './gap';

/** What moto forgets of an endpoint, in the words of answers. */
interface Options {
  readonly ipAddressType?: string;
  readonly dnsRecordIpType?: string;
  readonly privateDnsOnlyForInboundResolverEndpoint?: string;
}

/**
 * moto takes `IpAddressType` and `DnsOptions` of a VPC endpoint and forgets them, so that every
 * later plan wants to set them again. They are remembered here and put into the answers.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
 */
export function vpcEndpointOptions(): MotoGap {
  const remembered = new Map<string, Options>();

  const remember = (id: string, request: URLSearchParams) => {
    const value = (name: string) => request.get(name) ?? undefined;
    const options: Options = {
      ipAddressType: value('IpAddressType'),
      dnsRecordIpType: value('DnsOptions.DnsRecordIpType'),
      privateDnsOnlyForInboundResolverEndpoint: value('DnsOptions.PrivateDnsOnlyForInboundResolverEndpoint'),
    };
    const said = Object.fromEntries(Object.entries(options).filter(([, option]) => option !== undefined));
    remembered.set(id, { ...remembered.get(id), ...said });
  };

  return {
    service: 'ec2',
    operations: ['CreateVpcEndpoint', 'ModifyVpcEndpoint', 'DescribeVpcEndpoints'],
    correct(request, answer) {
      const made = /<vpcEndpointId>(vpce-\w+)<\/vpcEndpointId>/.exec(answer)?.[1];
      const id = request.get('Action') === 'CreateVpcEndpoint' ? made : request.get('VpcEndpointId');
      if (id) remember(id, request);
      return answer.replace(/<vpcEndpointId>(vpce-\w+)<\/vpcEndpointId>/g, (element, each: string) => element + xml(remembered.get(each) ?? {}));
    },
  };
}

function xml({ ipAddressType, ...dns }: Options): string {
  const elements = (values: object) => Object.entries(values).filter(([, value]) => value !== undefined).map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  const options = elements(dns);
  return elements({ ipAddressType }) + (options && `<dnsOptions>${options}</dnsOptions>`);
}
