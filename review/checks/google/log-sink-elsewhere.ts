/** Logs that a sink hands to a project, or a bucket, that this plan does not know. */
import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { flagAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'log-sink-elsewhere',
  title: 'a sink that hands logs to another project',
  severity: 'info',
  why: 'Whoever may write a log entry writes it to whoever owns the destination, from Google\'s own network: no rule, route or proxy sees it. A central project for logs is what most organizations mean by it.',
  fix: 'Make sure that the destination is yours; accept it in egress-review.yaml.',
  references: ['https://cloud.google.com/logging/docs/export/configure_export_v2#destination-auth'],
  comparable: [],
  *run({ model: { graph } }) {
    for (const sink of SINKS.flatMap((type) => graph.ofType(type))) {
      const destination = textAt(sink, 'destination');
      if (destination === undefined || flagAt(sink, 'disabled') === true) continue;
      const project = /\/projects\/([^/]+)/.exec(destination)?.[1];
      const bucket = /^storage\.googleapis\.com\/(.+)$/.exec(destination)?.[1];
      const made = sink.references('destination').targets.some(({ mode }) => mode === 'managed');
      if (made || (project === undefined && bucket === undefined) || project === textAt(sink, 'project')) continue;
      if (bucket !== undefined && graph.ofType('google_storage_bucket').some((each) => textAt(each, 'name') === bucket)) continue;
      yield { address: sink.address, message: `hands logs to ${project === undefined ? `bucket ${bucket as string}` : `project ${project}`}, which this plan does not know` };
    }
  },
};

const SINKS = ['project', 'folder', 'organization', 'billing_account'].map((owner) => `google_logging_${owner}_sink`);
