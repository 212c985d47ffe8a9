import type { Rule } from '../rule';

/** `AISec-SM56`. */
export const studioIdleShutdown: Rule = {
  id: 'AISec-SM56',
  name: 'StudioIdleShutdown',
  title: 'Applications of a domain stop when nobody uses them',
  severity: 'LOW',
  controls: ['ML3', 'ML8'],
  threats: ['AML.T0034'],
  why: 'A forgotten notebook with a live session is found days later by whoever sits down at that browser, and bills until then.',
  remedy: 'Set IdleSettings.LifecycleManagement to ENABLED for JupyterLab and the code editor.',
  example:
    "jupyterLabAppSettings: { appLifecycleManagement: { idleSettings: { lifecycleManagement: 'ENABLED', " +
    'idleTimeoutInMinutes: 60 } } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-idle-shutdown.html',
  types: ['AWS::SageMaker::Domain'],
  check: (domain) =>
    domain.requireOneOf(
      'DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.LifecycleManagement',
      ['ENABLED'],
      'notebooks of the domain run on when nobody uses them',
    ),
};
