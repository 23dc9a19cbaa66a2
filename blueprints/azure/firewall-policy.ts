import { FirewallPolicy, type FirewallPolicyConfig } from '@cdktf/provider-azurerm/lib/firewall-policy';
import type { Construct } from 'constructs';
import type { AzureFirewallOptions, ThreatReaction } from '../policy/azure-options';

/** What the policy needs. */
export interface EgressPolicyProps {
  readonly name: string;
  readonly location: string;
  readonly resourceGroupName: string;
  readonly options: AzureFirewallOptions;
  readonly tags: Readonly<Record<string, string>>;
}

const ADDRESS = /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/;
const mode = (reaction: ThreatReaction) => (reaction === 'deny' ? 'Deny' : 'Alert');

/**
 * A policy keeps its tier for life, and a firewall its policy: with another tier there is a policy
 * of another name beside the old one, with its rules, until the firewall has taken it.
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/29114
 */
const SUFFIX = { Basic: '-basic', Standard: '', Premium: '-premium' } as const;

/**
 * The settings that hold for every rule. Which tier takes which is checked before:
 * `tierProblems`. A Basic policy has no `dns` block at all; Azure refuses one.
 */
export function makeFirewallPolicy(scope: Construct, { name, location, resourceGroupName, options, tags }: EgressPolicyProps): FirewallPolicy {
  const names = options.threatIntelligenceAllowlist.filter((entry) => !ADDRESS.test(entry));
  const addresses = options.threatIntelligenceAllowlist.filter((entry) => ADDRESS.test(entry));
  const config: FirewallPolicyConfig = {
    name: `${name}-egress${SUFFIX[options.tier]}`,
    location,
    resourceGroupName,
    sku: options.tier,
    threatIntelligenceMode: mode(options.threatIntelligence),
    ...(options.threatIntelligenceAllowlist.length > 0 ? {
      threatIntelligenceAllowlist: { ...(names.length > 0 ? { fqdns: [...names] } : {}), ...(addresses.length > 0 ? { ipAddresses: [...addresses] } : {}) },
    } : {}),
    ...(options.tier === 'Basic' ? {} : {
      dns: { proxyEnabled: true, ...(options.dnsServers.length > 0 ? { servers: [...options.dnsServers] } : {}) },
    }),
    ...(options.intrusionDetection ? { intrusionDetection: { mode: mode(options.intrusionDetection) } } : {}),
    ...(options.tlsInspection ? {
      tlsCertificate: { name: 'egress-ca', keyVaultSecretId: options.tlsInspection.certificate },
      identity: { type: 'UserAssigned', identityIds: [options.tlsInspection.identity] },
    } : {}),
    ...(options.parentPolicy ? { basePolicyId: options.parentPolicy } : {}),
    tags: { ...tags },
    lifecycle: { createBeforeDestroy: true },
  };
  return new FirewallPolicy(scope, 'policy', config);
}
