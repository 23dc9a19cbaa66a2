/** Routes, sessions, NATs and rules that a plan adds to networks, routers and policies which it does not show: no verdict speaks of whoever uses them. */
import type { Check, Hit } from '../check';
import { wideness } from './wideness';
import { intersect, isEmpty } from '../../model/ranges';
import { ADDRESS_GROUPS } from '../../model/google/address-groups';
import { PUBLIC } from '../../model/google/api-ranges';
import { policyRule } from '../../model/google/firewall-rule';
import type { GoogleModel } from '../../model/google/google-model';
import { networkText, type GoogleNetwork } from '../../model/google/networks';
import type { NextHop } from '../../model/google/routes';
import type { Severity } from '../../result';

export const check: Check<GoogleModel> = {
  id: 'way-out-elsewhere',
  title: 'way out for a network that is not in the plan',
  severity: 'high',
  why: 'Whatever stands in that network gets the way, and no plan shows what that is: its verdicts stay as they were.',
  fix: 'Make the change where the network, the router or the policy is made, and review the state of that network, too.',
  references: ['https://cloud.google.com/vpc/docs/routes', 'https://cloud.google.com/nat/docs/overview', 'https://cloud.google.com/firewall/docs/firewall-policies-overview'],
  comparable: [],
  *run({ model }) {
    const told = new Set<string>();
    for (const [network, routes] of model.routes) {
      if (network.resource?.mode === 'managed') continue;
      for (const { address, resource, isImplied, range, family, destination, nextHop } of routes) {
        if (!resource || isImplied || told.has(address) || isEmpty(intersect([range], PUBLIC[family]))) continue;
        told.add(address);
        yield { address, message: `leads ${destination} to ${HOP_WORDS[nextHop.kind]}, in ${networkText(network)}, which is not in the plan`, severity: SEVERITIES[nextHop.kind] };
      }
    }
    for (const { resource, address } of model.nats) {
      const { targets } = resource.references('router', { types: ['google_compute_router'] });
      if (!targets.some(({ mode }) => mode === 'managed')) yield { address, message: 'gives subnets of a router that is not in the plan a way to the internet', severity: 'medium' };
    }
    for (const { address, resource, networks } of model.nats) {
      // Their router is in the plan: whom they serve is not.
      if (networks.length > 0 && networks.every(isElsewhere) && resource.references('router', { types: ['google_compute_router'] }).targets.some(({ mode }) => mode === 'managed')) {
        yield { address, message: `gives subnets of ${networkText(networks[0] as GoogleNetwork)}, which is not in the plan, a way to the internet`, severity: 'medium' };
      }
    }
    for (const session of model.graph.ofType('google_compute_router_peer')) {
      const { targets } = session.references('router', { types: ['google_compute_router'] });
      if (session.mode === 'managed' && !targets.some(({ mode }) => mode === 'managed')) yield { address: session.address, message: 'brings what its neighbour announces to the network of a router that is not in the plan: it may be a default route', severity: 'medium', confidence: 'possible' };
    }
    yield* heldRules(model);
    // What is announced there every network gets that is a spoke of the hub.
    for (const spoke of model.graph.ofType('google_network_connectivity_spoke')) {
      const isHybrid = HYBRID.some((block) => spoke.elements(block).length > 0);
      const { targets } = spoke.references('hub', { types: ['google_network_connectivity_hub'] });
      if (isHybrid && !targets.some(({ mode }) => mode === 'managed')) yield { address: spoke.address, message: 'hands what its neighbours announce to the networks of a hub that is not in the plan: it may be a default route', severity: 'medium', confidence: 'possible' };
    }
    for (const prefix of POLICIES) {
      for (const resource of model.graph.ofType(`${prefix}_rule`)) {
        const { targets } = resource.references('firewall_policy', { types: [prefix, `${prefix}_with_rules`] });
        if (targets.some(({ mode }) => mode === 'managed')) continue;
        const rule = policyRule(resource, [], ADDRESS_GROUPS);
        if (rule.action !== 'allow' || rule.direction !== 'EGRESS' || rule.isDisabled) continue;
        const reasons = rule.peers.unknown === undefined ? wideness(rule) : [rule.peers.unknown];
        if (reasons.length > 0) yield { address: resource.address, message: `${rule.label} allows ${reasons.join(' and ')}, in a policy that is not in the plan`, severity: 'medium' };
      }
    }
  },
};

/** Classic rules of such networks, and policies of the plan that hold for them. */
function* heldRules({ stages, policies }: GoogleModel): Iterable<Hit> {
  for (const [network, own] of stages) {
    if (!isElsewhere(network)) continue;
    for (const { kind, address, rules } of own) {
      if (kind === 'hierarchical') continue;
      for (const rule of rules) {
        if (rule.action !== 'allow' || rule.direction !== 'EGRESS' || rule.isDisabled) continue;
        const reasons = rule.peers.unknown === undefined ? wideness(rule) : [rule.peers.unknown];
        if (reasons.length === 0) continue;
        const held = policies.find((policy) => policy.address === address)?.associations.find(({ networks }) => networks.includes(network))?.resource.address;
        yield { address: held ?? rule.address, message: `${rule.label} allows ${reasons.join(' and ')}, in ${networkText(network)}, which is not in the plan`, severity: 'medium' };
      }
    }
  }
}

function isElsewhere({ resource }: GoogleNetwork): boolean {
  return resource?.mode !== 'managed';
}

/** https://cloud.google.com/network-connectivity/docs/network-connectivity-center/concepts/dynamic-route-exchange-with-vpc-spokes */
const HYBRID = ['linked_vpn_tunnels', 'linked_interconnect_attachments', 'linked_router_appliance_instances'];

const POLICIES = ['google_compute_network_firewall_policy', 'google_compute_region_network_firewall_policy', 'google_compute_firewall_policy'];

const HOP_WORDS: Readonly<Record<NextHop['kind'], string>> = { 'internet-gateway': 'the internet gateway', machine: 'a machine', 'load-balancer': 'a load balancer', tunnel: 'a VPN tunnel', unknown: 'a next hop that is not known' };

/** A machine is a way that somebody watches, as far as anybody knows. */
const SEVERITIES: Readonly<Record<NextHop['kind'], Severity>> = { 'internet-gateway': 'high', unknown: 'high', tunnel: 'medium', machine: 'low', 'load-balancer': 'low' };
