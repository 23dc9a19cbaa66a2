/** Instances and launch templates. */
import { isSet, textAt } from '../../model/aws/read';
import type { AwsModel } from '../../model/aws/model';
import { awsRegionOf } from '../../plan/aws-region';
import type { Resource } from '../../plan/resource-graph';
import type { Check } from '../check';

export const check: Check<AwsModel> = {
  id: 'metadata-tokens-optional',
  title: 'instance that hands its credentials to simple requests',
  severity: 'medium',
  why: 'With the first version of the metadata service one forged request from inside is enough to take the role\'s credentials, and they work from anywhere.',
  fix: 'Set http_tokens to required and http_put_response_hop_limit to 1 in metadata_options.',
  references: ['https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html', 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html'],
  comparable: ['checkov CKV_AWS_79', 'trivy AWS-0028', 'trivy AWS-0130'],
  *run({ model }) {
    // Of the account in that region, for what says nothing itself.
    const byDefault = model.graph.ofType('aws_ec2_instance_metadata_defaults').filter((defaults) => textAt(defaults, 'http_tokens') === 'required');
    const regionOf = (resource: Resource) => awsRegionOf(resource, model.graph.providerRegions);
    // One that is said and not known may be any.
    const isHidden = (resource: Resource) => regionOf(resource) === undefined && resource.isConfigured('region');
    const isSame = (one: Resource, other: Resource) => !isHidden(one) && !isHidden(other) && (regionOf(one) ?? regionOf(other)) === (regionOf(other) ?? regionOf(one));
    const hasDefault = (resource: Resource) => byDefault.some((defaults) => defaults.providerConfig === resource.providerConfig && isSame(defaults, resource));
    for (const type of ['aws_instance', 'aws_launch_template', 'aws_launch_configuration']) {
      for (const resource of model.graph.ofType(type)) {
        // A launch template's settings are the instance's own.
        if (type === 'aws_instance' && isSet(resource, 'launch_template') && !isSet(resource, 'metadata_options')) continue;
        const path = ['metadata_options', 0, 'http_tokens'];
        const isOff = textAt(resource, ['metadata_options', 0, 'http_endpoint']) === 'disabled';
        if (isOff || textAt(resource, path) === 'required' || (isSet(resource, 'metadata_options') && isSet(resource, path) && resource.unknownAt(path) !== undefined)) continue;
        if (textAt(resource, path) === undefined && hasDefault(resource)) continue;
        yield { address: resource.address, message: `${resource.address} has http_tokens ${textAt(resource, path) ?? 'not set'}` };
      }
    }
  },
};
