/** The clouds that a review understands. */
import { awsChecks } from './checks/aws';
import { azureChecks } from './checks/azure';
import type { Check } from './checks/check';
import { googleChecks } from './checks/google';
import { kubernetesChecks } from './checks/kubernetes';
import { awsPrivateServices } from './endpoints/aws';
import { azurePrivateServices } from './endpoints/azure';
import { googlePrivateServices } from './endpoints/google';
import { NO_PRIVATE_SERVICES, type PrivateServices } from './endpoints/private-services';
import { buildAwsModel } from './model/aws/model';
import { partOf as awsPartOf } from './model/aws/part-of';
import { buildAzureModel } from './model/azure/azure-model';
import { partOf as azurePartOf } from './model/azure/part-of';
import { buildGoogleModel } from './model/google/google-model';
import { partOf as googlePartOf } from './model/google/part-of';
import type { Connection } from './model/kubernetes/connections';
import { kubernetesModels } from './model/kubernetes/kubernetes-model';
import type { PodEgress } from './model/kubernetes/pod-egress';
import type { Cloud, Place } from './model/network-model';
import type { ResourceGraph } from './plan/resource-graph';

/** A cloud's model, as far as the review itself looks at it. */
export interface ReviewedModel {
  readonly places: readonly Place[];
  /** Of a cluster: who may talk to whom. */
  readonly connections?: readonly Connection[];
  /** Of a cluster: what policies let pods reach on the internet. */
  readonly podEgress?: readonly PodEgress[];
}

/** How a cloud is reviewed. */
export interface CloudReview {
  /** As verdicts name it. */
  readonly cloud: Cloud;
  /** For headings: `AWS`. */
  readonly title: string;
  /** What the types of its resources start with: any of these. */
  readonly prefixes: readonly string[];
  /** One for each cluster; of a cloud one. */
  build(graph: ResourceGraph): readonly ReviewedModel[];
  /** Resources that decide on paths without standing on them, each with one that paths pass. */
  partOf(model: ReviewedModel): Iterable<readonly [part: string, of: string]>;
  /** What its places reach without the internet. */
  privately(model: ReviewedModel): PrivateServices;
  readonly checks: readonly Check<ReviewedModel>[];
}

/** Keeps the model's type between building and checking, and hides it from everybody else. */
function cloud<Model extends ReviewedModel>(
  name: Cloud,
  title: string,
  prefixes: readonly string[],
  build: (graph: ResourceGraph) => readonly Model[],
  partOf: (model: Model) => Iterable<readonly [string, string]>,
  privately: (model: Model) => PrivateServices,
  checks: readonly Check<Model>[],
): CloudReview {
  return {
    cloud: name, title, prefixes, build,
    partOf: (model) => partOf(model as Model),
    privately: (model) => privately(model as Model),
    checks: checks as unknown as readonly Check<ReviewedModel>[],
  };
}

function only<Model>(build: (graph: ResourceGraph) => Model): (graph: ResourceGraph) => readonly Model[] {
  return (graph) => [build(graph)];
}

/** Sorted by cloud. */
export const CLOUD_REVIEWS: readonly CloudReview[] = [
  cloud('aws', 'AWS', ['aws_'], only(buildAwsModel), awsPartOf, awsPrivateServices, awsChecks),
  cloud('azure', 'Azure', ['azurerm_'], only(buildAzureModel), azurePartOf, azurePrivateServices, azureChecks),
  cloud('google', 'Google Cloud', ['google_'], only(buildGoogleModel), googlePartOf, googlePrivateServices, googleChecks),
  cloud('kubernetes', 'Kubernetes', ['kubernetes_', 'kubectl_', 'kustomization_', 'helm_'], kubernetesModels, () => [], () => NO_PRIVATE_SERVICES, kubernetesChecks),
];
