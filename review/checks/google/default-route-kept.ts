import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { openWitness, witnessed } from '../../model/google/questions';

export const check: Check<GoogleModel> = {
  id: 'default-route-kept',
  title: 'a network that begins with a default route',
  severity: 'medium',
  why: 'Google gives a new network a route to the internet for every machine. With it only the firewall, and the lack of an address, stand between a machine and the internet.',
  fix: 'Set delete_default_routes_on_create when the network is made, and give routes by tag to segments that need one.',
  references: ['https://cloud.google.com/vpc/docs/routes#routingpacketsinternet'],
  comparable: [],
  *run({ model, verdicts }) {
    for (const network of model.networks) {
      if (network.resource?.mode !== 'managed' || !network.keepsDefaultRoute || network.doubt !== undefined) continue;
      yield { address: network.address, message: `delete_default_routes_on_create is not set: 0.0.0.0/0 leads every machine of ${network.name} to the internet gateway`, ...witnessed(openWitness(verdicts, network.address)) };
    }
  },
};
