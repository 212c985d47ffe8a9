import type { Resource, Value } from '../../template';
import { Unknown, textParts } from '../../template';
import { isForEveryAction } from '../grant';
import { USE_MODEL } from '../identity/ai-actions';
import type { JudgedApp } from '../judged-app';
import { coversAnyAction } from '../statement-match';

/** Integrations that call a model without a function between. */
const MODEL_SERVICE = /:runtime\.sagemaker:|:bedrock(-runtime|-agent-runtime|-agentcore)?:/;

const found = new WeakMap<JudgedApp, ModelFront>();

/** What of an app stands between its callers and a model. */
export class ModelFront {
  /** The front of an app, found once. */
  static of(app: JudgedApp): ModelFront {
    let front = found.get(app);
    if (front === undefined) found.set(app, (front = new ModelFront(app)));
    return front;
  }

  /** Functions whose role names actions that use models. */
  readonly functions: ReadonlySet<Resource>;
  /** Methods of REST APIs that lead to a model; those that answer the questions of browsers are none. */
  readonly methods: readonly Resource[];
  /** REST APIs with such a method. */
  readonly restApis: ReadonlySet<Resource>;

  private constructor(private readonly app: JudgedApp) {
    this.functions = new Set(app.ofTypes('AWS::Lambda::Function').filter((fn) => this.callsModels(fn)));
    this.methods = app
      .ofTypes('AWS::ApiGateway::Method')
      .filter((method) => method.at('HttpMethod') !== 'OPTIONS' && this.leadsToModel(method, 'Integration.Uri'));
    this.restApis = new Set(this.methods.flatMap((method) => app.named(method.at('RestApiId')) ?? []));
  }

  /** Whether what stands at a property leads to a model: a function that calls one, by its alias or version as well, or its service. */
  leadsToModel(resource: Resource, path: string): boolean {
    if (this.integrates(resource.at(path))) return true;
    return resource.edgesAt(path).some(({ to }) => this.isModelFunction(to));
  }

  /** Whether a resource is such a function, or an alias or version of one. */
  isModelFunction(resource: Resource): boolean {
    if (this.functions.has(resource)) return true;
    if (!/^AWS::Lambda::(Alias|Version)$/.test(resource.type)) return false;
    return resource.edgesAt('FunctionName').some(({ to }) => this.functions.has(to));
  }

  private integrates(value: Value | undefined): boolean {
    const parts = textParts(value) ?? [];
    return MODEL_SERVICE.test(parts.map((part) => (part instanceof Unknown ? '~' : part)).join(''));
  }

  private callsModels(fn: Resource): boolean {
    const role = this.app.named(fn.at('Role'));
    if (role?.type !== 'AWS::IAM::Role') return false;
    return this.app
      .statementsOfHolder(role)
      .some(
        ({ statement }) => statement.effect === 'Allow' && !isForEveryAction(statement) && coversAnyAction(statement, USE_MODEL) === 'YES',
      );
  }
}
