/** Profiles of Route 53 carry DNS firewall rules to networks without an association of their own. */
import { changed } from './reviewed';
import { ref, type Stack } from '../sound-stack';

const ASSOCIATION = 'aws_route53_resolver_firewall_rule_group_association';
const GROUP = ref('aws_route53_resolver_firewall_rule_group', 'main', 'arn');

function byProfile(edit: (resource: Stack['resource']) => void = () => undefined) {
  return changed((resource) => {
    delete resource[ASSOCIATION];
    resource['aws_route53profiles_profile'] = { org: { name: 'org' } };
    resource['aws_route53profiles_resource_association'] = { rules: { profile_id: ref('aws_route53profiles_profile', 'org'), resource_arn: GROUP, resource_properties: '{"priority":102}' } };
    resource['aws_route53profiles_association'] = { main: { profile_id: ref('aws_route53profiles_profile', 'org'), resource_id: ref('aws_vpc', 'main') } };
    edit(resource);
  }).findings.filter(({ rule }) => rule.startsWith('dns-')).map(({ rule, address }) => `${rule} ${address}`);
}

test('a group that a profile carries filters its networks', () => expect(byProfile()).toEqual([]));

test('and is judged like any other', () => {
  expect(byProfile((resource) => void (resource['aws_route53_resolver_firewall_rule']!['rest']!['q_type'] = 'A'))).toContain('dns-unfiltered aws_route53profiles_resource_association.rules');
});

test('a profile without groups filters nothing', () => {
  expect(byProfile((resource) => void delete resource['aws_route53profiles_resource_association'])).toEqual(['dns-unfiltered aws_vpc.main']);
});

test('what a profile of another account carries is not known, and told', () => {
  expect(byProfile((resource) => {
    for (const type of ['aws_route53profiles_profile', 'aws_route53profiles_resource_association']) delete resource[type];
    resource['aws_route53profiles_association']!['main']!['profile_id'] = 'rp-1';
  })).toEqual(['dns-unfiltered aws_route53profiles_association.main']);
});
