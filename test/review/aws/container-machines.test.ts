/** Container tasks without a network interface of their own: their machines stand for them, where the plan has those. */
import { review } from './reviewed';
import { ref, soundStack, type Stack } from '../sound-stack';

type Resources = Stack['resource'];
const cluster = ref('aws_ecs_cluster', 'main');

/** A cluster with a group of machines that joins it by a capacity provider, and a service on it. */
function estate(edit: (resource: Resources, stack: Stack) => void = () => undefined) {
  const stack = soundStack();
  Object.assign(stack.resource, {
    aws_ecs_cluster: { main: { name: 'main' } },
    aws_launch_template: { main: { vpc_security_group_ids: [ref('aws_security_group', 'app')] } },
    aws_autoscaling_group: { main: { vpc_zone_identifier: [ref('aws_subnet', 'app')], launch_template: { id: ref('aws_launch_template', 'main') } } },
    aws_ecs_capacity_provider: { main: { name: 'machines', auto_scaling_group_provider: { auto_scaling_group_arn: ref('aws_autoscaling_group', 'main', 'arn') } } },
    aws_ecs_cluster_capacity_providers: {
      main: { cluster_name: ref('aws_ecs_cluster', 'main', 'name'), capacity_providers: ['FARGATE', ref('aws_ecs_capacity_provider', 'main', 'name')], default_capacity_provider_strategy: [{ capacity_provider: ref('aws_ecs_capacity_provider', 'main', 'name') }] },
    },
    aws_ecs_service: { web: { name: 'web', cluster } },
  });
  edit(stack.resource, stack);
  const { verdicts } = review(stack);
  return (place: string) => verdicts.filter((verdict) => verdict.place.id.startsWith(place) && verdict.family === 4).map(({ kind, reasons }) => (kind === 'unknown' ? reasons.join() : kind));
}

const service = (resource: Resources) => resource.aws_ecs_service!.web!;
const providers = (resource: Resources) => resource.aws_ecs_cluster_capacity_providers!.main!;
const alone = (resource: Resources) => {
  delete resource.aws_ecs_capacity_provider;
  delete resource.aws_ecs_cluster_capacity_providers;
};
const LACKING = 'aws_ecs_service.web runs on the machines of its cluster, which are not in the plan: ';

describe('machines that the plan has stand for the service', () => {
  test.each<[string, (resource: Resources, stack: Stack) => void]>([
    ['by the strategy of the cluster', () => undefined],
    ['by the strategy of the cluster, written in it', (resource) => {
      delete resource.aws_ecs_cluster_capacity_providers;
      resource.aws_ecs_cluster!.main!.default_capacity_provider_strategy = [{ capacity_provider: 'machines' }];
    }],
    ['by the strategy of the service', (resource) => void Object.assign(service(resource), { cluster: 'elsewhere', capacity_provider_strategy: { capacity_provider: ref('aws_ecs_capacity_provider', 'main', 'name') } })],
    ['by the name of the provider', (resource) => void (service(resource).capacity_provider_strategy = [{ capacity_provider: 'machines' }])],
    ['by launch type', (resource) => void (service(resource).launch_type = 'EC2')],
    ['by launch type, where the cluster has no strategy', (resource) => void delete providers(resource).default_capacity_provider_strategy],
    ['by user data of a template', (resource) => {
      alone(resource);
      resource.aws_launch_template!.main!.user_data = `\${base64encode("echo ECS_CLUSTER=${ref('aws_ecs_cluster', 'main', 'name')} >> /etc/ecs/ecs.config")}`;
    }],
    ['by the name in user data', (resource) => {
      alone(resource);
      resource.aws_launch_template!.main!.user_data = Buffer.from('#!/bin/bash\necho "ECS_CLUSTER=main" >> /etc/ecs/ecs.config\n').toString('base64');
    }],
    ['by machines that AWS manages', (resource) => {
      delete resource.aws_ecs_cluster_capacity_providers;
      delete resource.aws_autoscaling_group;
      resource.aws_ecs_capacity_provider = { main: { name: 'managed', cluster: ref('aws_ecs_cluster', 'main', 'name'), managed_instances_provider: { instance_launch_template: { network_configuration: { subnets: [ref('aws_subnet', 'app')], security_groups: [ref('aws_security_group', 'app')] } } } } };
    }],
  ])('%s', (_, edit) => {
    const at = estate(edit);
    expect(at('aws_ecs_service.web')).toEqual([]);
    expect([...at('aws_autoscaling_group.main'), ...at('aws_ecs_capacity_provider.main')]).toEqual(['allowlisted']);
  });
});

describe('machines that the plan lacks are unknown, whatever machines are beside them', () => {
  test.each<[string, string, (resource: Resources, stack: Stack) => void]>([
    ['a cluster of another plan', 'its cluster is made elsewhere', (resource) => void (service(resource).cluster = 'arn:aws:ecs:us-east-1:111122223333:cluster/other')],
    ['a cluster that is read', 'its cluster is made elsewhere', (resource, stack) => {
      stack.data = { aws_ecs_cluster: { other: { cluster_name: 'other' } } };
      service(resource).cluster = '${data.aws_ecs_cluster.other.arn}';
    }],
    ['the default cluster', 'its cluster is made elsewhere', (resource) => void delete service(resource).cluster],
    ['another cluster, which nothing joins', 'nothing in the plan joins aws_ecs_cluster.other', (resource) => {
      resource.aws_ecs_cluster!.other = { name: 'other' };
      service(resource).cluster = ref('aws_ecs_cluster', 'other');
    }],
    ['user data for another cluster', 'nothing in the plan joins aws_ecs_cluster.main', (resource) => {
      alone(resource);
      resource.aws_launch_template!.main!.user_data = Buffer.from('echo ECS_CLUSTER=main-2 >> /etc/ecs/ecs.config').toString('base64');
    }],
    ['a provider of another plan', 'the capacity provider other is made elsewhere', (resource) => void (service(resource).capacity_provider_strategy = [{ capacity_provider: 'machines' }, { capacity_provider: 'other' }])],
    ['a provider of another plan in the cluster', 'the capacity provider other is made elsewhere', (resource) => {
      providers(resource).capacity_providers.push('other');
      service(resource).launch_type = 'EC2';
    }],
    ['a group of machines of another plan', 'the group of machines of aws_ecs_capacity_provider.main is made elsewhere', (resource) => void (resource.aws_ecs_capacity_provider!.main!.auto_scaling_group_provider.auto_scaling_group_arn = 'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:1:autoScalingGroupName/other')],
    ['ECS Anywhere', 'they are outside of AWS', (resource) => void (service(resource).launch_type = 'EXTERNAL')],
    ['a launch type that is not known', 'its launch type is not known', (resource) => void (service(resource).launch_type = '${terraform_data.any.output}')],
  ])('%s', (_, reason, edit) => expect(estate(edit)('aws_ecs_service.web')).toEqual([`${LACKING}${reason}`]));

  test.each([{ launch_type: 'FARGATE' }, { capacity_provider_strategy: [{ capacity_provider: 'machines' }, { capacity_provider: 'FARGATE_SPOT' }] }])('Fargate without subnets: %j', (own) => {
    expect(estate((resource) => void Object.assign(service(resource), own))('aws_ecs_service.web')).toEqual(['the subnets of aws_ecs_service.web are not in the plan']);
  });

  test('task sets of another deployment are no part of the cluster\'s machines', () => {
    const external = (resource: Resources) => void (service(resource).deployment_controller = { type: 'EXTERNAL' });
    expect(estate(external)('aws_ecs_service.web')).toEqual(['the task sets of aws_ecs_service.web are not in the plan']);
    const at = estate((resource) => {
      external(resource);
      resource.aws_ecs_task_set = { web: { cluster, service: ref('aws_ecs_service', 'web'), launch_type: 'EXTERNAL' } };
    });
    expect([at('aws_ecs_service.web'), at('aws_ecs_task_set.web')]).toEqual([[], ['aws_ecs_task_set.web runs on the machines of its cluster, which are not in the plan: they are outside of AWS']]);
  });

  test('a rule, a schedule and a pipe run tasks, too', () => {
    const arn = ref('aws_ecs_cluster', 'main', 'arn');
    const with_ = (own: object, id: string) => estate((resource) => void Object.assign(resource, {
      aws_cloudwatch_event_target: { run: { arn: id, ecs_target: { task_definition_arn: 'x', ...own } }, other: { arn: 'arn:aws:sqs:us-east-1:111122223333:queue' } },
      aws_scheduler_schedule: { run: { target: { arn: id, ecs_parameters: { task_definition_arn: 'x', ...own } } } },
      aws_pipes_pipe: { run: { target: id, target_parameters: { ecs_task_parameters: { task_definition_arn: 'x', ...own } } } },
    }));
    const kinds = ['aws_cloudwatch_event_target', 'aws_scheduler_schedule', 'aws_pipes_pipe'];
    const all = (at: (place: string) => readonly string[]) => kinds.flatMap((kind) => at(kind).map((text) => text.split(': ').at(-1)));
    expect(all(with_({}, arn))).toEqual([]);
    expect(all(with_({}, 'arn:aws:ecs:us-east-1:111122223333:cluster/other'))).toEqual(kinds.map(() => 'its cluster is made elsewhere'));
    expect(all(with_({ capacity_provider_strategy: [{ capacity_provider: 'other' }] }, arn))).toEqual(kinds.map(() => 'the capacity provider other is made elsewhere'));
    const placed = { subnets: [ref('aws_subnet', 'app')], security_groups: [ref('aws_security_group', 'app')] };
    expect(estate((resource) => void (resource.aws_pipes_pipe = { run: { target: arn, target_parameters: { ecs_task_parameters: { network_configuration: { aws_vpc_configuration: { ...placed, assign_public_ip: 'DISABLED' } } } } } }))('aws_pipes_pipe')).toEqual(['allowlisted']);
  });
});
