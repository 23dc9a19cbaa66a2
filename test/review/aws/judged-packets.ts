/** The verdict on the one machine of a random estate, against what becomes of single packets. */
import { addressRange } from '../../../review/model/addresses';
import { buildAwsModel } from '../../../review/model/aws/model';
import type { Traffic } from '../../../review/model/traffic';
import { trace } from '../../../review/paths/trace';
import { verdictOf, type Verdict } from '../../../review/paths/verdict';
import { buildGraph } from '../../../review/plan/build-graph';
import { parsePlan } from '../../../review/plan/load';
import type { Fate } from './single-packets';

export type Word = 'right' | 'missed' | 'alarm' | 'doubt';

export function verdictIn(text: string): Verdict {
  return verdictOf(trace(buildAwsModel(buildGraph(parsePlan(text, 'cdk.tf.json'))).places.find(({ id }) => id === 'aws_instance.app')!, 4));
}

export function judge({ kind, openTraffic, doubtfulTraffic }: Verdict, to: string, fate: Fate): Word {
  const [isOpen, isDoubtful] = [isIn(openTraffic, to), isIn(doubtfulTraffic, to)];
  if (fate === 'open' || fate === 'perhaps') return isOpen || isDoubtful ? 'right' : 'missed';
  if (fate === 'named' && kind === 'none') return 'missed';
  return isOpen ? 'alarm' : isDoubtful ? 'doubt' : 'right';
}

function isIn(flows: readonly Traffic[] = [], to: string): boolean {
  const address = addressRange(to)!.range[0];
  return flows.some(({ boxes }) => boxes.some((box) => box.destinations.some(([from, last]) => from <= address && address <= last)));
}
