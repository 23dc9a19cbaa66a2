/** Random networks as a state of several projects, whose networks and subnets have the same names. */
import { Dice } from '../dice';
import { isRef, type Part, type Ref } from './random-networks';

/** What leads to the network that something is in. */
const TOWARDS = ['network', 'router', 'subnetwork', 'vpn_gateway'];

/** Each network is in a project of its own. Of its own project a network is named by name, of another by its path. */
export function asNamesakes(parts: readonly Part[]): unknown {
  const dice = new Dice(parts.length * 7919 + 1);
  const byAddress = new Map(parts.map((part) => [`${part.type}.${part.name}`, part]));
  const at = (ref: unknown): Part | undefined => (isRef(ref) ? byAddress.get(ref.ref) : undefined);
  const networkOf = (part: Part): string | undefined => {
    if (part.type === 'google_compute_network') return part.name;
    const next = [...TOWARDS.map((key) => part.values[key]), part.values.network_interface?.[0]?.subnetwork].map(at).find((each) => each !== undefined);
    return next && networkOf(next);
  };
  const projectOf = (part: Part) => `p-${networkOf(part) ?? 'n0'}`;
  const nameOf = ({ type, name }: Part) => (type === 'google_compute_network' ? 'main' : type === 'google_compute_subnetwork' ? `part${name.at(-1)}` : name);
  const idOf = (part: Part): string => {
    const { region, zone } = part.values;
    const where = region ? `regions/${region}` : zone ? `zones/${zone}` : 'global';
    return `projects/${projectOf(part)}/${where}/${part.type.replace(/^google_(compute_(region_)?|network_connectivity_)/, '')}s/${nameOf(part)}`;
  };
  const textOf = (from: Part, ref: Ref): string => {
    const there = at(ref) as Part;
    const isNear = there.type === 'google_compute_network' && projectOf(from) === projectOf(there) && from.type.startsWith('google_compute') && !from.type.endsWith('peering');
    return ref.attr === 'name' || isNear ? nameOf(there) : dice.of([idOf(there), `https://www.googleapis.com/compute/v1/${idOf(there)}`]);
  };
  const written = (from: Part, value: any): any => {
    if (isRef(value)) return textOf(from, value);
    if (Array.isArray(value)) return value.map((each) => written(from, each));
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, written(from, each)])) : value;
  };
  /** Some machines are of service projects: the network is of another one, which names the subnet beside its bare name. */
  const hosted = (part: Part, values: any): any => {
    if (part.type !== 'google_compute_instance' || dice.chance(50)) return values;
    const network_interface = values.network_interface.map((nic: any, index: number) => {
      const subnet = at(part.values.network_interface[index].subnetwork);
      return subnet && dice.chance(50) ? { ...nic, subnetwork: nameOf(subnet), subnetwork_project: projectOf(subnet) } : nic;
    });
    return { ...values, network_interface, project: 'p-service' };
  };
  const resources = parts.map((part) => ({
    address: `${part.type}.${part.name}`, mode: 'managed', type: part.type, name: part.name, provider_name: 'registry.terraform.io/hashicorp/google', schema_version: 0, sensitive_values: {},
    values: { id: idOf(part), ...(part.type.startsWith('google_compute') ? { self_link: `https://www.googleapis.com/compute/v1/${idOf(part)}` } : {}), project: projectOf(part), ...hosted(part, written(part, part.values)), name: nameOf(part) },
  }));
  return { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: { resources } } };
}
