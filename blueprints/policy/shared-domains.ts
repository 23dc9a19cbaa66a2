/**
 * Domains that are no public suffix themselves but have some below: `*.amazonaws.com` covers
 * `anybody.s3.amazonaws.com`. A test compares this with the list in `tldts`.
 */

/**
 * Providers whose customers' names stand below at several depths, by region and by service. The last two paragraphs are not of the list: of
 * cloud services by their own documentation, and what testers collect other people's requests with (interactsh, Burp Collaborator, DNSLog),
 * tunnels (zrok, Dev Tunnels) and names that are addresses (xip.io and its kin).
 */
export const HOSTED_BELOW_AT_ANY_DEPTH: ReadonlySet<string> = new Set(words(`
  amazonaws.com amazonaws.com.cn amazoncognito.com amazonwebservices.com.cn amazonwebservices.eu on.aws
  sagemaker.aws sagemaker.com.cn windows.net usgovcloudapi.net ncloudstorage.com fin-ncloudstorage.com
  gov-ncloudstorage.com ncpstorage.com scw.cloud

  aliyuncs.com appdomain.cloud auth0.com azmk8s.io azure-devices.net azurecontainerapps.io azurecr.io azuredatabricks.net
  azuresynapse.net backblazeb2.com cloudapp.azure.com cloud.databricks.com cockroachlabs.cloud codesandbox.io
  cognitiveservices.azure.com communication.azure.com confluent.cloud database.azure.com documents.azure.com elastic-cloud.com
  es.io exo.io filebase.io found.io googleusercontent.com interact.sh jfrog.io mongodb.net my.salesforce.com myqcloud.com n8n.cloud
  neon.tech oastify.com openai.azure.com oraclecloud.com pipedream.net psdb.cloud redis-cloud.com redislabs.com
  service.signalr.net services.ai.azure.com snowflakecomputing.com splunkcloud.com upcloudobjects.com upstash.io wasabisys.com
  your-objectstorage.com

  astra.datastax.com atlassian.cloud azconfig.io azurehdinsight.net azureml.net azureml.ms batch.azure.com burpcollaborator.net canarytokens.com ceye.io
  clickhouse.cloud cloud.couchbase.com cloud.ovh.net crm.dynamics.com databricks.com devtunnels.ms dnslog.cn dynamics.com eventgrid.azure.net
  hookdeck.com ingest.sentry.io live.dynatrace.com livekit.cloud localtest.me logic.azure.com lvh.me myhuaweicloud.com oast.fun oast.live oast.me
  oast.online oast.pro oast.site oktapreview.com pagekite.me pinecone.io plex.direct powerappsportals.com qdrant.io requestbin.net requestrepo.com
  scylla.cloud sentry.io signalr.net traefik.me tsdb.cloud volces.com weaviate.cloud webpubsub.azure.com xip.io zillizcloud.com zrok.io
`));

/** The list's own ones, and others that hand out names without being in it (the last paragraph). */
export const HOSTED_BELOW: ReadonlySet<string> = new Set(words(`
  addr.tools ae.flow.ch amba.host aruba.jenv-aruba.cloud aseinet.ne.jp aspirethemes.com atlassian-dev.net axarnet.cloud beebyte.io
  beebyteapp.io brendly.ba brendly.hr brendly.rs bubble.io canva.site canvasite.cn cdn77-secure.org cdn77.net
  cdn77.org cldmail.ru clever-cloud.com cloud.muni.cz cloudflareanycast.net cloudflarecn.net cloudflareglobal.net
  cloudlets.com.au cloudplatform.fi cloudscale.ch code-builder-stg.platform.salesforce.com code.com
  contentproxy9.cz cosidns.de crm.dev cs.amazonlightsail.com dappnode.io databricksapps.com databricksapps.us
  datadetect.com dev.thingdust.io devs.ai disrec.thingdust.io dogado.eu elastx.net emergentagent.com emf.camp
  encoway.cloud enscaled.us enter.pro eur.aruba.jenv-aruba.cloud evennode.com evervault.app evervault.dev fastly.net
  fbsbx.com fedoraproject.org flow.ch forgerock.io funkfeuer.at grok.bot her.name his.name hooc.me
  hosted-by-previder.com hosteur.com hrsn.net hs-heilbronn.de ik-server.com interhostsolutions.be
  isk01.sakurastorage.jp isk02.sakurastorage.jp it.hs-heilbronn.de jelastic.cloud jelastic.com
  jelastic.vps-host.net jenv-aruba.cloud k2.cloud kuleuven.be lair.io layershift.co.uk linode.com
  linodeusercontent.com localcert.dev lpg.cloudscale.ch massivegrid.com massivegrid.net metacentrum.cz muni.cz
  mynetname.net mythic-beasts.com nabu.casa ncloud.com neen.it nftstorage.link noc.ruhr-uni-bochum.de nodeart.io
  nospamproxy.com objectstorage.ch objectstorage.ncloud.com observableusercontent.com onstackit.cloud
  origin.cdn77-secure.org ortsinfo.at os.fedoraproject.org os.stg.fedoraproject.org ovh.net paas.massivegrid.net
  party.eus platform.salesforce.com platform.sh ply.gg prgmr.com prod.atlassian-dev.net prod.fastly.net
  prod.thingdust.io project-study.com quickconnect.cn quickconnect.to railway.app rb-hosting.io rdpa.co
  reclaim.cloud render.com repost.aws resinstaging.io retrosnub.co.uk rit.edu rma.cloudscale.ch ru-msk.k2.cloud
  ru-spb.k2.cloud sakurastorage.jp salesforce.com saveincloud.net scaleforce.com.cy scaleforce.net scrypted.io
  spawn.cc speedpartner.de srcf.net ssl.fastly.net stg.fedoraproject.org storacha.link storage.dev storageapi.dev
  tawk.email tawkto.email tb-hosting.com teckids.org test.code-builder-stg.platform.salesforce.com
  testing.thingdust.io thingdust.io transip.me trendhosting.cloud typeform.com w3s.link wafaicloud.com webaccel.jp
  wiardweb.com

  aws-cloud9.us-east-1.amazonaws.com bedrock-agentcore.us-east-1.amazonaws.com cloud9.us-east-1.amazonaws.com
  dualstack.us-east-1.amazonaws.com

  app.github.dev atlassian.net azure.com azure.net b-cdn.net beeceptor.com cloudflarestorage.com firebasedatabase.app firebaseio.com
  back4app.io contaboserver.net cyclic.app documentforce.com exoscale.com force.com fury.io gcdn.co gcr.io gitpod.io glitch.me kxcdn.com loca.lt localhost.run nip.io okta.com pkg.dev r2.cloudflarestorage.com
  desec.io koyeb.app mooo.com nhost.run onelogin.com onmicrosoft.com requestcatcher.com salesforce-sites.com serveo.net service-now.com sharepoint.com slack.com sslip.io stackblitz.io stackpathcdn.com storage.googleapis.com
  vault.azure.net vaultcore.azure.net vultrusercontent.com webcontainer.io your-server.de webhook.site wordpress.com zendesk.com
`));

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
