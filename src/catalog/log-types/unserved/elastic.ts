/**
 * Why index patterns of Elastic have no declared type: by package and data set, else by package, else by the name of the index. What has
 * no raw form that is declared is read as the ECS document that the shipper wrote.
 */
export const ELASTIC_UNSERVED: Readonly<Record<string, string>> = {
  '.alerts-security': "alerts of Elastic's own detection engine",
  'apm-*-transaction': 'transactions that an agent of Elastic APM measured: no log',
  'traces-apm': 'traces that an agent of Elastic APM measured: no log',
  metrics: 'measurements of any kind: no log',
  endgame: 'Elastic Endgame sends ECS documents itself, and had no log before',
  packetbeat: 'Packetbeat reads packets itself and writes ECS documents: there is no log before',
  network_traffic: "Elastic's agent reads packets itself and writes ECS documents: there is no log before",
  fim: "Elastic's agent watches files itself and writes ECS documents: there is no log before",
  cloud_defend: 'Elastic Defend for Containers writes ECS documents itself: there is no log before',
  ml_beaconing: "results of Elastic's machine learning",
  ti: 'indicators: what logs are compared with',
  ti_rapid7_threat_command_latest: 'vulnerabilities that a service found: no log',
  'endpoint.alerts': 'alerts of Elastic Defend, which writes ECS documents itself',
  'endpoint.events.device': 'device events of Elastic Defend, whose documents say no category that a declared form has',
  'elastic_security.alert': 'alerts of another cluster of Elastic',
  'crowdstrike.alert': "CrowdStrike's alerts, by its API of alerts: no declared type reads their raw form",
  'crowdstrike.fdr':
    "what Panther knows of Falcon Data Replicator has no view of ECS: only Elastic's documents are read so",
  'google_secops.alert': 'alerts of Google Security Operations: no declared type reads their raw form',
  'google_workspace.alert': "Google Workspace's Alert Center, another API than its activities",
  'ibm_qradar.offense': 'offenses of QRadar: findings of another detection engine',
  'm365_defender.alert': "Microsoft's alerts by Graph: no declared type reads their raw form",
  'm365_defender.incident': "Microsoft's incidents by Graph: no declared type reads their raw form",
  'microsoft_sentinel.alert': 'alerts of Microsoft Sentinel: findings of another detection engine',
  'splunk.alert': 'alerts of Splunk: findings of another detection engine',
  'sentinel_one.alert': 'alerts of SentinelOne, by its API: no declared type reads their raw form',
  'sentinel_one.threat': 'threats of SentinelOne, by its API: no declared type reads their raw form',
  'wiz.vulnerability': 'vulnerabilities that a scanner found: no log',
  // Its raw form is in the tests of elastic/integrations, sentinel_one_cloud_funnel.
  sentinel_one_cloud_funnel:
    'events of Cloud Funnel: no declared type reads their raw form; its documents are of ECS already',
  apache_tomcat:
    'the access log of Tomcat in the combined format is read as `web.access`; its documents are of ECS already',
  traefik: "Traefik's access log is read as `web.access`; its documents are of ECS already",
  'azure.platformlogs':
    'resource logs of any service of Azure: each has its own properties, and no declared type reads them',
  'azure.aadgraphactivitylogs':
    'requests to Azure AD Graph, as diagnostic settings export them: no declared type reads them',
  'azure.graphactivitylogs':
    'requests to Microsoft Graph, as diagnostic settings export them: no declared type reads them',
  'azure.application_gateway': 'access and firewall logs of Application Gateway: no declared type reads them',
  aws_bedrock: 'model invocations of Amazon Bedrock: no declared type reads their raw form',
  aws_bedrock_agentcore: 'logs of agents in Amazon Bedrock, in whatever form the agent writes them',
  azure_openai: 'requests to Azure OpenAI, as diagnostic settings export them: no declared type reads them',
  checkpoint_email: 'Harmony Email, by its API: no declared type reads its raw form',
  corelight: "Corelight's documents of Zeek have names of their own; the logs of Zeek itself are read as `zeek`",
  cyberarkpas: 'the vault sends what its XSL says: where that is CEF it is read as `cef`',
  entityanalytics_entra_id: 'an inventory of users and devices: no log',
  'gcp.loadbalancing_logs': 'requests to load balancers of Google Cloud: no declared type reads them',
  'iis.error': 'the error log of HTTP.SYS: no declared type reads its lines',
  jamf_protect: 'events of Jamf Protect: no declared type reads their raw form',
  microsoft_exchange_online_message_trace: 'message traces of Exchange Online, by its API: no declared type reads them',
};
