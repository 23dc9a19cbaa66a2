/** Random changes of random estates, and the plans that make them. */
import fc from 'fast-check';
import { changePlan, stateBefore } from '../../change-plan';
import { asPlan } from '../../as-plan';
import { idOf } from '../existing-network';
import { INTERFACES, PAIRS, type Estate, type InterfaceName, type MachineName, type Manager } from './estate';
import { estates, taken } from './generator';
import { asStack, type Resources } from './written';

export const SENDERS = ['app', 'far'] as const satisfies readonly MachineName[];
export type Sender = (typeof SENDERS)[number];

/** What a machine is called, where it stands, and whose segment it is of. */
export interface Machine {
  readonly address: string;
  readonly stands: Sender;
  readonly segment: string | undefined;
}

/** One side of a change; a machine that is not there is undefined. */
export interface Side {
  readonly estate: Estate;
  readonly machines: Readonly<Record<Sender, Machine | undefined>>;
}

export interface Change {
  readonly before: Side;
  readonly after: Side;
  /** The machine `app` has a new address, and the plan says that it moved. */
  readonly moves: boolean;
  /** The machine `app` is made anew. */
  readonly replaces: boolean;
}

type Edit = (estate: Estate, other: Estate) => Estate;

const PARTS = ['table', 'groups', 'nat', 'defaultOutbound', 'storage', 'forwards', 'publicAddress', 'publicAddress6', 'pool'] as const;
const ofInterface = (name: InterfaceName, part: (typeof PARTS)[number]): Edit => (estate, other) => ({ ...estate, interfaces: { ...estate.interfaces, [name]: { ...estate.interfaces[name], [part]: other.interfaces[name][part] } } });
/** All but one, or one more than there were. */
const oneOf = <T>(own: readonly T[], others: readonly T[], keyOf: (each: T) => string): readonly T[] => {
  const fresh = others.find((each) => !own.some((known) => keyOf(known) === keyOf(each)));
  return fresh ? [...own, fresh] : own.slice(1);
};
const oneRule = (name: InterfaceName, at: 0 | 1): Edit => (estate, other) => {
  const { groups } = estate.interfaces[name];
  const rules = oneOf(groups[at] ?? [], other.interfaces[name].groups[at] ?? [], ({ direction, priority }) => `${direction} ${priority}`);
  return { ...estate, interfaces: { ...estate.interfaces, [name]: { ...estate.interfaces[name], groups: at === 0 ? [rules, groups[1]] : [groups[0], rules] } } };
};
const oneRoute = (name: InterfaceName): Edit => (estate, other) => {
  const { table } = estate.interfaces[name];
  const routes = oneOf(table?.routes ?? [], other.interfaces[name].table?.routes ?? [], ({ prefix }) => prefix);
  return { ...estate, interfaces: { ...estate.interfaces, [name]: { ...estate.interfaces[name], table: { propagates: table?.propagates ?? false, routes } } } };
};
const ofFirewall = (part: keyof Estate['firewall']): Edit => (estate, other) => ({ ...estate, firewall: { ...estate.firewall, [part]: other.firewall[part] } });
const oneFirewallRule: Edit = (estate, other) => ({ ...estate, firewall: { ...estate.firewall, rules: oneOf(estate.firewall.rules, other.firewall.rules, ({ isParent, group, priority }) => `${isParent} ${group} ${priority}`) } });
const lastFirst: Edit = (estate) => {
  const { rules } = estate.firewall;
  return { ...estate, firewall: { ...estate.firewall, rules: rules.map((rule, at) => ({ ...rule, isParent: false, group: 100, priority: 100 + ((at + 1) % rules.length) })) } };
};
const whole = (part: 'dual' | 'gateway' | 'balancer' | 'relay' | 'manager'): Edit => (estate, other) => ({ ...estate, [part]: other[part] });

/** Where one side has none, it comes or goes. */
const ofManager = (part: keyof Manager): Edit => (estate, other) => ({ ...estate, manager: estate.manager && other.manager ? { ...estate.manager, [part]: other.manager[part] } : other.manager });

const ENDS: readonly InterfaceName[] = [...INTERFACES, 'app', 'app', 'far'];
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.constantFrom(...ENDS), fc.constantFrom(...PARTS, 'table', 'groups')).map(([name, part]) => ofInterface(name, part as (typeof PARTS)[number])),
  fc.tuple(fc.constantFrom(...ENDS), fc.constantFrom(0 as const, 1 as const)).map(([name, at]) => oneRule(name, at)),
  fc.constantFrom(...ENDS).map(oneRoute),
  fc.constantFrom(...PAIRS).map((pair): Edit => (estate, other) => ({ ...estate, peerings: { ...estate.peerings, [pair]: other.peerings[pair] } })),
  fc.constantFrom('publicAddress', 'nat', 'managed', 'table', 'rules').map((part) => ofFirewall(part as keyof Estate['firewall'])),
  fc.constantFrom(oneFirewallRule, lastFirst),
  fc.constantFrom('dual', 'gateway', 'balancer', 'relay', 'manager').map((part) => whole(part as 'dual')),
  fc.constantFrom('rules', 'members', 'routes', 'joins', 'deployed').map((part) => ofManager(part as keyof Manager)),
);

/** Behind the firewall as a rule, and with nothing beside: of what is open already little is told. */
const guarded = (made: Estate): Estate => ({
  ...made,
  interfaces: Object.fromEntries(INTERFACES.map((name) => [name, { ...made.interfaces[name], nat: false, defaultOutbound: false, publicAddress: false, publicAddress6: false, pool: 'none', storage: 'none', ...(name === 'app' || name === 'far' ? { table: { routes: [{ prefix: '0.0.0.0/0', to: 'firewall' }], propagates: false }, groups: [undefined, undefined] } : {}) }])) as unknown as Estate['interfaces'],
  peerings: { ...made.peerings, 'spoke-hub': [JOINED, JOINED], 'other-hub': [JOINED, JOINED] }, gateway: 'none',
});
const JOINED = { access: true, forwarded: true, transit: false, remoteGateways: false, subnetsAlone: false };

const segments = fc.constantFrom<readonly [string | undefined, string | undefined]>([undefined, undefined], ['one', 'one'], ['one', 'one'], ['one', 'two']);
const addressOf = (name: string): string => `azurerm_linux_virtual_machine.${name}`;
const seldom = (weight: number): fc.Arbitrary<boolean> => fc.oneof({ weight, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });

/** Two estates that differ in some things, and machines that come, go, change places, names and segments. */
export const changes: fc.Arbitrary<Change> = fc.record({
  own: estates, other: estates, isGuarded: fc.boolean(), edits: fc.array(edit, { minLength: 1, maxLength: 2 }), there: segments, resegmented: seldom(8), here: segments,
  fresh: seldom(8), gone: seldom(12), swaps: seldom(10), renamed: seldom(8), moves: fc.boolean(), replaces: seldom(8),
}).map(({ own, other, isGuarded, edits, there, resegmented, here, fresh, gone, swaps, renamed, moves, replaces }): Change => {
  const base = taken(isGuarded ? guarded(own) : own);
  const changed = taken(edits.reduce((made, each) => each(made, other), base));
  const side = (estate: Estate, [app, far]: readonly [string | undefined, string | undefined], without: boolean, called: string, swapped: boolean): Side => ({
    estate,
    machines: { app: { address: addressOf(called), stands: swapped ? 'far' : 'app', segment: app }, far: without ? undefined : { address: addressOf('far'), stands: swapped ? 'app' : 'far', segment: far } },
  });
  return { before: side(base, there, fresh, 'app', false), after: side(changed, resegmented ? here : there, gone && !fresh, renamed ? 'renamed' : 'app', swaps), moves: renamed && moves, replaces: replaces && !renamed };
});

/** With the ids that Azure gives. */
export function resourcesOf({ estate, machines }: Side): Resources {
  const { resource } = asStack(estate);
  const { azurerm_linux_virtual_machine: all } = resource;
  const own = Object.fromEntries(Object.entries(all!).filter(([name]) => !SENDERS.includes(name as Sender)));
  for (const machine of Object.values(machines)) {
    if (!machine) continue;
    const { address, stands, segment } = machine;
    const values = all![stands]!;
    const name = address.split('.')[1]!;
    own[name] = { ...values, name: `vm-${name}`, ...(segment === undefined ? {} : { tags: { segment } }) };
  }
  return { ...resource, azurerm_linux_virtual_machine: own };
}

const KINDS: Readonly<Record<string, string>> = {
  azurerm_virtual_network: 'virtualNetworks', azurerm_network_interface: 'networkInterfaces', azurerm_network_security_group: 'networkSecurityGroups', azurerm_route_table: 'routeTables', azurerm_public_ip: 'publicIPAddresses',
  azurerm_nat_gateway: 'natGateways', azurerm_firewall: 'azureFirewalls', azurerm_firewall_policy: 'firewallPolicies', azurerm_lb: 'loadBalancers', azurerm_virtual_network_gateway: 'virtualNetworkGateways', azurerm_local_network_gateway: 'localNetworkGateways',
  azurerm_application_gateway: 'applicationGateways', azurerm_subnet_service_endpoint_storage_policy: 'serviceEndpointPolicies', azurerm_virtual_network_gateway_connection: 'connections',
};

/** As what exists. */
function existing(side: Side): Resources {
  const resources = resourcesOf(side);
  const nameOf = (reference: unknown) => String(reference).split('.')[1];
  const id = (type: string, name: string, values: Readonly<Record<string, unknown>>): string | undefined => {
    if (type === 'azurerm_subnet') return idOf(`virtualNetworks/${nameOf(values['virtual_network_name'])}/subnets/${String(values['name'])}`);
    if (type === 'azurerm_lb_backend_address_pool') return idOf(`loadBalancers/${nameOf(values['loadbalancer_id'])}/backendAddressPools/${name}`);
    if (type === 'azurerm_linux_virtual_machine') return idOf(`virtualMachines/${String(values['name'])}`).replace('Microsoft.Network', 'Microsoft.Compute');
    const kind = KINDS[type];
    return kind && idOf(`${kind}/${String(values['name'])}`);
  };
  return Object.fromEntries(Object.entries(resources).map(([type, all]) => [type, Object.fromEntries(Object.entries(all).map(([name, values]) => {
    const own = id(type, name, values);
    return [name, own === undefined ? values : { id: own, ...values }];
  }))]));
}

/** The plan of a change, beside what it is compared with if it does not tell that itself. */
export interface Written {
  readonly plan: object;
  readonly base?: object;
}

/** One plan with its prior state, or with another plan or state as `--base`. */
export const FORMS = ['one plan', 'two plans', 'plan and state'] as const;

export function written({ before, after, moves, replaces }: Change, form: (typeof FORMS)[number]): Written {
  const moved = moves ? { moved: { [addressOf('app')]: addressOf('renamed') } } : {};
  const replaced = replaces ? { replaced: { [addressOf('app')]: ['size'] } } : {};
  const plan = changePlan(existing(before), existing(after), { ...moved, ...replaced });
  if (form === 'one plan') return { plan };
  return { plan, base: form === 'two plans' ? asPlan(existing(before), true) : stateBefore(existing(before)) };
}
