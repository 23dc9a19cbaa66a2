/** TLS inspection configurations: whose traffic is decrypted, and with which authority's certificates. */
import type {
  CreateTLSInspectionConfigurationRequest, DeleteTLSInspectionConfigurationRequest, DescribeTLSInspectionConfigurationRequest,
  ListTLSInspectionConfigurationsRequest, ServerCertificateConfiguration, TLSInspectionConfiguration,
  TLSInspectionConfigurationResponse, UpdateTLSInspectionConfigurationRequest,
} from '@aws-sdk/client-network-firewall';
import { demand } from '../api-error';
import type { Operation } from '../json-service';
import { encryptionOf, newToken, page, renewToken, type ApiObject, type Objects } from './objects';

/** A configuration as it stands. */
export interface TlsInspectionObject extends ApiObject {
  description: string | undefined;
  content: TLSInspectionConfiguration;
}

/** @param usersOf the names of the policies that use a configuration */
export function tlsInspectionOperations(
  configurations: Objects<TlsInspectionObject>,
  arnOf: (kind: string, name: string) => string,
  usersOf: (configuration: TlsInspectionObject) => readonly string[],
): Record<string, Operation> {
  const find = (input: { TLSInspectionConfigurationArn?: string | undefined; TLSInspectionConfigurationName?: string | undefined }) =>
    configurations.get({ arn: input.TLSInspectionConfigurationArn, name: input.TLSInspectionConfigurationName });
  const response = (configuration: TlsInspectionObject): TLSInspectionConfigurationResponse => ({
    TLSInspectionConfigurationArn: configuration.arn,
    TLSInspectionConfigurationName: configuration.name,
    TLSInspectionConfigurationId: configuration.id,
    TLSInspectionConfigurationStatus: 'ACTIVE',
    Description: configuration.description,
    Tags: configuration.tags,
    NumberOfAssociations: usersOf(configuration).length,
    EncryptionConfiguration: encryptionOf(configuration),
    // The provider reads each of them, and takes their absence for a change.
    CertificateAuthority: certificate(configuration.content.ServerCertificateConfigurations?.[0]?.CertificateAuthorityArn),
  });

  return {
    CreateTLSInspectionConfiguration: (input: CreateTLSInspectionConfigurationRequest) => {
      const { TLSInspectionConfigurationName: name, TLSInspectionConfiguration: content } = input;
      demand(name && content, 'InvalidRequestException', 'TLSInspectionConfigurationName and TLSInspectionConfiguration are required');
      check(content);
      const configuration = configurations.add({
        arn: arnOf('tls-configuration', name), name, id: newToken(), updateToken: newToken(), tags: input.Tags ?? [],
        encryption: input.EncryptionConfiguration, description: input.Description, content,
      });
      return { UpdateToken: configuration.updateToken, TLSInspectionConfigurationResponse: response(configuration) };
    },

    DescribeTLSInspectionConfiguration: (input: DescribeTLSInspectionConfigurationRequest) => {
      const configuration = find(input);
      return { UpdateToken: configuration.updateToken, TLSInspectionConfiguration: configuration.content, TLSInspectionConfigurationResponse: response(configuration) };
    },

    UpdateTLSInspectionConfiguration: (input: UpdateTLSInspectionConfigurationRequest) => {
      const configuration = find(input);
      demand(input.TLSInspectionConfiguration, 'InvalidRequestException', 'TLSInspectionConfiguration is required');
      check(input.TLSInspectionConfiguration);
      renewToken(configuration, input.UpdateToken);
      configuration.content = input.TLSInspectionConfiguration;
      configuration.description = input.Description;
      configuration.encryption = input.EncryptionConfiguration ?? configuration.encryption;
      return { UpdateToken: configuration.updateToken, TLSInspectionConfigurationResponse: response(configuration) };
    },

    DeleteTLSInspectionConfiguration: (input: DeleteTLSInspectionConfigurationRequest) => {
      const configuration = find(input);
      const users = usersOf(configuration);
      demand(users.length === 0, 'InvalidOperationException', `Unable to delete the object because it is still in use by: ${users.join(', ')}`);
      configurations.remove(configuration);
      return { TLSInspectionConfigurationResponse: { ...response(configuration), TLSInspectionConfigurationStatus: 'DELETING' } };
    },

    ListTLSInspectionConfigurations: (input: ListTLSInspectionConfigurationsRequest) => {
      const { items, NextToken } = page(configurations.all(), input);
      return { TLSInspectionConfigurations: items.map(({ name, arn }) => ({ Name: name, Arn: arn })), NextToken };
    },
  };
}

function certificate(arn: string | undefined) {
  return arn === undefined ? undefined : { CertificateArn: arn, CertificateSerial: '01', Status: 'OK' };
}

/** https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_ServerCertificateConfiguration.html */
function check({ ServerCertificateConfigurations: all = [] }: TLSInspectionConfiguration): void {
  demand(all.length === 1, 'InvalidRequestException', 'a TLS inspection configuration has one server certificate configuration');
  const [only] = all as [ServerCertificateConfiguration];
  demand(only.CertificateAuthorityArn || only.ServerCertificates?.length, 'InvalidRequestException', 'name a certificate authority or server certificates');
  demand(!only.CertificateAuthorityArn || /^arn:[^:]+:acm:/.test(only.CertificateAuthorityArn), 'InvalidRequestException', 'CertificateAuthorityArn is no certificate in ACM');
  demand(!only.CheckCertificateRevocationStatus || only.CertificateAuthorityArn, 'InvalidRequestException', 'revocation is checked of outbound traffic only');
  demand(only.Scopes?.length, 'InvalidRequestException', 'at least one scope is required');
  for (const { Protocols, Sources, Destinations, SourcePorts, DestinationPorts } of only.Scopes) {
    demand(Protocols?.length === 1 && Protocols[0] === 6, 'InvalidRequestException', 'a scope has protocol 6');
    demand(Sources?.length && Destinations?.length && SourcePorts?.length && DestinationPorts?.length, 'InvalidRequestException', 'a scope has sources, destinations and their ports');
  }
}
