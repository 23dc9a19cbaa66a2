import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { baseName, blocksAt, flagAt, textAt } from '../../model/google/reading';

export const check: Check<GoogleModel> = {
  id: 'log-sink-incomplete',
  title: 'a sink that leaves out what the network records',
  severity: 'low',
  why: 'A record that reaches no bucket of its own is gone after thirty days, or filtered away before.',
  fix: 'Let the filter name vpc_flows, firewall, nat_flows and dns_queries, keep the sink on, and make its bucket.',
  references: ['https://cloud.google.com/logging/docs/export/configure_export_v2'],
  comparable: [],
  *run({ model }) {
    // https://cloud.google.com/logging/docs/export/aggregated_sinks#intercepting
    for (const sink of ['folder', 'organization'].flatMap((owner) => model.graph.ofType(`google_logging_${owner}_sink`))) {
      if (sink.mode === 'managed' && flagAt(sink, 'intercept_children') === true && flagAt(sink, 'disabled') !== true) yield { address: sink.address, message: 'keeps what it takes from the sinks of the projects below it (intercept_children)' };
    }
    for (const sink of model.graph.ofType('google_logging_project_sink')) {
      const filter = textAt(sink, 'filter') ?? '';
      // Only a sink that is meant for the network is held to it.
      if (!LOGS.some((log) => filter.includes(log))) continue;
      const missing = LOGS.filter((log) => !filter.includes(log));
      if (missing.length > 0) yield { address: sink.address, message: `leaves out ${missing.join(', ')}` };
      const dropped = blocksAt(sink, ['exclusions']).filter((path) => flagAt(sink, [...path, 'disabled']) !== true).map((path) => textAt(sink, [...path, 'filter']) ?? 'what the plan does not tell');
      if (dropped.length > 0) yield { address: sink.address, message: `throws away ${dropped.join(', ')} (exclusions)` };
      if (flagAt(sink, 'disabled') === true) yield { address: sink.address, message: 'is switched off' };
      const destination = textAt(sink, 'destination') ?? '';
      const isMade = model.graph.ofType('google_logging_project_bucket_config').some((bucket) => textAt(bucket, 'bucket_id') === baseName(destination));
      if (destination.startsWith('logging.googleapis.com/') && !isMade) yield { address: sink.address, message: `${baseName(destination)} is not made here`, severity: 'info' as const };
    }
  },
};

const LOGS = ['compute.googleapis.com/vpc_flows', 'compute.googleapis.com/firewall', 'compute.googleapis.com/nat_flows', 'dns.googleapis.com/dns_queries'];
