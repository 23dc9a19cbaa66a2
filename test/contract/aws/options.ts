/** What is asked for in `aws-options.yaml`, and how each of it is broken. */
import type { OptionsContract } from '../observation';
import { inspectionMutations } from './inspection-mutations';
import { listMutations } from './list-mutations';
import { logMutations } from './log-mutations';

export const options: OptionsContract = {
  fixture: 'aws-options',
  mutations: {
    bucket: logMutations,
    inspect: inspectionMutations,
    lists: listMutations,
  },
};
