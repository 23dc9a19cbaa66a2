/** Who is granted what, by a member, a binding or a whole policy. https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_iam */
import { isList, own, ownText, ownTexts, type Json } from '../../plan/json';
import type { Resource } from '../../plan/resource-graph';
import { textAt, textsAt } from './reading';

export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

export function bindingsOf(grant: Resource): readonly Binding[] {
  const text = textAt(grant, 'policy_data');
  if (text === undefined) {
    // What is read during the apply alone still says what it is made of.
    const documents = grant.references('policy_data', { types: ['google_iam_policy'] }).targets;
    if (documents.length > 0) return documents.flatMap((each) => each.elements('binding').map((path) => ({ role: textAt(each, [...path, 'role']) ?? '', members: textsAt(each, [...path, 'members']).values })));
    return [{ role: textAt(grant, 'role') ?? '', members: ['member', 'members'].flatMap((path) => textsAt(grant, path).values) }];
  }
  const listed = own(parsed(text), 'bindings');
  return isList(listed) ? listed.map((each) => ({ role: ownText(each, 'role') ?? '', members: ownTexts(each, 'members') ?? [] })) : [];
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
