/** The gRPC side of a stand-in: protocol messages in, answers out, every exception a diagnostic. */
import { join } from 'node:path';
import { loadPackageDefinition, Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall, type ServiceClientConstructor, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { errorDiagnostic } from '../change/validate';
import { type StandIn } from '../stand-in';
import { schemaResponse, SERVER_CAPABILITIES } from './schema-message';

interface Wrapped {
  readonly msgpack?: Uint8Array;
}

/** Fields of all requests; each message uses a few of them. */
interface Request {
  readonly type_name?: string;
  readonly id?: string;
  readonly config?: Wrapped;
  readonly current_state?: Wrapped;
  readonly prior_state?: Wrapped;
  readonly proposed_new_state?: Wrapped;
  readonly planned_state?: Wrapped;
  readonly raw_state?: { readonly json?: Uint8Array };
  readonly private?: Uint8Array;
  readonly prior_private?: Uint8Array;
  readonly planned_private?: Uint8Array;
}

type Answer = (request: Request) => object;

const NOTHING = new Uint8Array();

/**
 * Serves one stand-in on a unix socket.
 *
 * @param versions schema versions of types in the state
 * @returns closes the server at once; open calls are cut off
 */
export async function serve(standIn: StandIn, socket: string, versions: ReadonlyMap<string, number>): Promise<() => void> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(providerService(), implementation(answers(standIn, versions)));
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => (error === null ? resolve() : reject(error)));
  });
  return () => server.forceShutdown();
}

let service: ServiceClientConstructor['service'] | undefined;

function providerService(): ServiceClientConstructor['service'] {
  if (service === undefined) {
    const definition = loadSync(join(__dirname, 'tfplugin6.proto'), { keepCase: true, longs: Number, enums: Number });
    const { tfplugin6 } = loadPackageDefinition(definition) as unknown as { tfplugin6: { Provider: ServiceClientConstructor } };
    service = tfplugin6.Provider.service;
  }
  return service;
}

function implementation(all: { readonly [method: string]: Answer }): UntypedServiceImplementation {
  const handle = (answer: Answer) => (call: ServerUnaryCall<Request, object>, reply: sendUnaryData<object>) => {
    let response: object;
    try {
      response = { diagnostics: [], ...answer(call.request) };
    } catch (error) {
      // A diagnostic stops Terraform with a message; a thrown error would end in "plugin did not respond".
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      const subject = call.request.type_name === undefined ? '' : ` (${call.request.type_name})`;
      response = { diagnostics: [errorDiagnostic(`Stand-in provider failed${subject}: ${message}`, stack ?? message)] };
    }
    reply(null, response);
  };
  return Object.fromEntries(Object.entries(all).map(([method, answer]) => [method, handle(answer)]));
}

function answers(standIn: StandIn, versions: ReadonlyMap<string, number>): { readonly [method: string]: Answer } {
  const { schema } = standIn;
  const schemaAnswer = schemaResponse(schema, versions);
  return {
    GetMetadata: () => ({
      server_capabilities: SERVER_CAPABILITIES,
      resources: Object.keys(schema.resources).map((type_name) => ({ type_name })),
      data_sources: Object.keys(schema.dataSources).map((type_name) => ({ type_name })),
    }),
    GetProviderSchema: () => schemaAnswer,
    GetFunctions: () => ({}),
    ValidateProviderConfig: ({ config }) => ({ diagnostics: standIn.validateProvider(bytes(config)) }),
    ConfigureProvider: ({ config }) => ({ diagnostics: standIn.configure(bytes(config)) }),
    ValidateResourceConfig: ({ type_name, config }) => ({ diagnostics: standIn.validateResource(name(type_name), bytes(config)) }),
    ValidateDataResourceConfig: ({ type_name, config }) => ({ diagnostics: standIn.validateDataSource(name(type_name), bytes(config)) }),
    UpgradeResourceState: ({ type_name, raw_state }) => ({ upgraded_state: { msgpack: standIn.upgrade(name(type_name), raw_state?.json ?? NOTHING) } }),
    ReadResource: ({ type_name, current_state, private: kept }) => ({ new_state: { msgpack: standIn.read(name(type_name), bytes(current_state)) }, private: kept }),
    PlanResourceChange: ({ type_name, prior_state, proposed_new_state, prior_private }) => {
      const change = standIn.plan(name(type_name), bytes(prior_state), bytes(proposed_new_state), prior_private ?? NOTHING);
      return { planned_state: { msgpack: change.planned }, requires_replace: change.requiresReplace, planned_private: change.private, legacy_type_system: true };
    },
    // The mark "imported" ends with the first apply: from then on the state is the stand-in's own.
    ApplyResourceChange: ({ type_name, prior_state, planned_state }) => ({
      new_state: { msgpack: standIn.apply(name(type_name), bytes(prior_state), bytes(planned_state)) },
      legacy_type_system: true,
    }),
    ImportResourceState: ({ type_name, id }) => {
      const imported = standIn.import(name(type_name), id ?? '');
      return { imported_resources: [{ type_name, state: { msgpack: imported.state }, private: imported.private }] };
    },
    ReadDataSource: ({ type_name, config }) => ({ state: { msgpack: standIn.readData(name(type_name), bytes(config)) } }),
    StopProvider: () => ({}),
  };
}

function bytes(value: Wrapped | undefined): Uint8Array {
  if (value?.msgpack === undefined || value.msgpack.length === 0) throw new Error('Terraform sent a value that is not MessagePack');
  return value.msgpack;
}

function name(type: string | undefined): string {
  if (type === undefined) throw new Error('Terraform sent no type name');
  return type;
}
