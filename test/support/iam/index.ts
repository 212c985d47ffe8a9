export { describeDecision, expectGuarded, type Guarded } from './expect-guarded';
export type { Mutation } from './mutations';
export { ALLOW_ALL, type AttachedPolicy } from './policies';
export type { PolicyDocument, Statement } from './policy-document';
export { accountPrincipal, administrator, anonymous, awsService, foreignPrincipal, type Principal } from './principals';
export { foreignEndpoint } from './request-context';
export { ResolvedTemplate, resolveAssembly, resolveTemplate, type Template, type TemplateEnv } from './resolve-template';
export { IamWorld, type Decision, type ForeignResource, type Request, type WorldOptions, type WorldSource } from './world';
