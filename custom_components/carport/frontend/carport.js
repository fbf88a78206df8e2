var e=`carport`,t=/* @__PURE__ */ new WeakMap,n=/* @__PURE__ */ new Map;function r(e,r){let a=t.get(e.entities);return a||(a=i(e.entities),t.set(e.entities,a)),a.get(r)??n}function i(e){let t=/* @__PURE__ */ new Map;for(let n of Object.values(e)){let{entity_id:e,device_id:r,translation_key:i}=n;if(n.platform!==`carport`||!r||!i)continue;let a=t.get(r);a||t.set(r,a=/* @__PURE__ */ new Map);let o=`${e.slice(0,e.indexOf(`.`))}.${i}`,s=a.get(o);s?s.push(e):a.set(o,[e])}return t}function a(e){return Object.values(e.devices).filter(o)}function o(e){return e.entry_type!==`service`&&e.identifiers.some(([e])=>e===`carport`)}function s(e){return e.name_by_user||e.name||``}var c=e=>e!==void 0&&e.state!==`unknown`&&e.state!==`unavailable`,l=class{constructor(e,t){this.hass=e,this.index=t}id(e){return this.index.get(e)?.[0]}state(e){let t=this.id(e);return t===void 0?void 0:this.hass.states[t]}all(e){return(this.index.get(e)??[]).flatMap(e=>this.hass.states[e]??[])}told(e){let t=this.state(e);return c(t)?t:void 0}word(e){let t=this.state(e);return t===void 0?void 0:c(t)?t.state:null}number(e){let t=this.word(e);if(t==null)return t;let n=Number(t);return Number.isFinite(n)?n:null}flag(e){let t=this.word(e);return t==null?t:t===`on`}moment(e){let t=this.word(e);return t==null?t:u(t)}text(e){let t=this.told(e);return t&&this.hass.formatEntityState(t)}can(e){let t=this.state(e);return t!==void 0&&t.state!==`unavailable`}};function u(e){if(typeof e!=`string`)return null;let t=/^(\d{4})-(\d\d)-(\d\d)$/.exec(e),n=t?new Date(Number(t[1]),Number(t[2])-1,Number(t[3])).getTime():Date.parse(e);return Number.isNaN(n)?null:n}var d={city:{length:368,height:151,width:168,overhang:70,wheelbase:236,nose:82,bonnet:103,cowl:86,screenTop:144,roofEnd:302,glassFoot:357,deck:105,tail:95,sill:26,wheel:30,doors:4,lid:`gate`},hatch:{length:427,height:148,width:180,overhang:86,wheelbase:263,nose:78,bonnet:100,cowl:116,screenTop:182,roofEnd:342,glassFoot:413,deck:102,tail:92,sill:25,wheel:32,doors:4,lid:`gate`},saloon:{length:474,height:144,width:184,overhang:87,wheelbase:286,nose:76,bonnet:98,cowl:132,screenTop:198,roofEnd:318,glassFoot:408,deck:106,tail:98,sill:24,wheel:33,doors:4,lid:`deck`},estate:{length:476,height:147,width:184,overhang:87,wheelbase:281,nose:77,bonnet:99,cowl:130,screenTop:194,roofEnd:404,glassFoot:462,deck:104,tail:94,sill:24,wheel:33,doors:4,lid:`gate`},suv:{length:452,height:167,width:188,overhang:88,wheelbase:270,nose:96,bonnet:116,cowl:112,screenTop:172,roofEnd:372,glassFoot:437,deck:118,tail:106,sill:32,wheel:37,doors:4,lid:`gate`},van:{length:490,height:194,width:194,overhang:92,wheelbase:300,nose:102,bonnet:122,cowl:78,screenTop:146,roofEnd:466,glassFoot:484,deck:124,tail:110,sill:30,wheel:34,doors:4,lid:`gate`},coupe:{length:456,height:133,width:186,overhang:87,wheelbase:272,nose:72,bonnet:94,cowl:140,screenTop:208,roofEnd:284,glassFoot:416,deck:101,tail:95,sill:23,wheel:34,doors:2,lid:`deck`}},f=Object.keys(d),p=[[/touring|variant|estate|combi|avant|sportback|\bsw\b|kombi|allspace est/i,`estate`],[/\bup\b|e-up|twingo|i3\b|zo[eé]\b|citigo|\bmii\b|dawn|\b500\b|smart|spring/i,`city`],[/multivan|caravelle|transporter|california|kangoo|trafic|master|berlingo|caddy|buzz|traveller|v-class|\bvan\b/i,`van`],[/\bx[1-7]\b|\bix[1-3]?\b|tiguan|touareg|taigo|t-roc|t-cross|enyaq|kodiaq|karoq|kamiq|elroq|id\.?\s?[456]\b|atlas|captur|kadjar|austral|scenic|megane e-tech|duster|arkana|\bq[2-8]\b|borealis|suv|countryman/i,`suv`],[/coup[eé]|\bz4\b|\bi8\b|\btt\b|scirocco|alpine|roadster|\b[24] series\b/i,`coupe`],[/passat|arteon|jetta|superb|octavia|\bi[457]\b|[357] series|\b[357]\d\d[a-z]*\b|talisman|model [3s]\b|limousine|sedan|saloon|courier/i,`saloon`]];function m(...e){let t=e.filter(Boolean).join(` `);return p.find(([e])=>e.test(t))?.[1]??`hatch`}var h={"action.cool":`Cool down`,"action.defrost":`Defrost`,"action.flash":`Flash`,"action.honk":`Honk`,"action.leave":`Leave now`,"action.lock":`Lock`,"action.more":`More`,"action.more_of":`More of {car}`,"action.of_car":`{action}: {car}`,"action.refresh":`Refresh`,"action.start_charging":`Charge`,"action.stop_charging":`Stop charging`,"action.stop_charging.short":`Stop`,"action.stop_climate":`Stop climate`,"action.stop_defrost":`Stop defrost`,"action.unlock":`Unlock`,"action.wake":`Wake`,"action.warm":`Warm up`,"age.degraded":`in part`,"age.just_now":`just now`,"age.label":`Last report:`,"age.never":`never`,"age.next_look":`next look {time}`,"age.throttled":`throttled`,"ask.honk":`The car will be heard.`,"ask.leave":`This stops the charge and, once the car has proved that, unlocks the doors.`,"ask.low_battery":`The battery is nearly empty and the car is not plugged in.`,"ask.sure":`Really?`,"ask.unlock":`The car will be open to everybody near it.`,"ask.unlock_at":`The car will be open to everybody near it. Where it stands: {place}.`,"ask.wake":`Waking the car costs its 12 V battery.`,"bar.battery":`Battery level`,"bar.fuel":`Fuel level`,"bar.limit":`limit {limit}`,"bar.with_limit":`{level}, limit {limit}`,cancel:`Cancel`,"card.description":`One car of Carport: range, state, what is open, and its controls`,"card.name":`Car`,"card.strip":`One car, small`,close:`Close`,"code.label":`PIN of the car`,connection_lost:`The connection to Home Assistant was lost. The car's next report tells whether this was done.`,details:`Details`,device_disabled:`{name} is disabled in Home Assistant.`,device_gone:`This car is not there. It may come back; otherwise choose another one.`,dismiss:`Dismiss`,"doing.flash":`Flashing`,"doing.honk":`Honking`,"doing.honk_and_flash":`Honking and flashing`,"doing.lock":`Locking`,"doing.other":`{command}`,"doing.set_charge_limit":`Setting the charge limit`,"doing.set_defrost":`Switching defrost`,"doing.set_schedule":`Setting the timers`,"doing.start_charging":`Starting to charge`,"doing.start_climate":`Starting climate`,"doing.stop_charging":`Stopping the charge`,"doing.stop_climate":`Stopping climate`,"doing.unlock":`Unlocking`,"doing.wake":`Waking the car`,"done.flash":`Flashed`,"done.honk":`Honked`,"done.honk_and_flash":`Honked and flashed`,"done.lock":`Locked`,"done.other":`{command}: done`,"done.set_charge_limit":`Charge limit set`,"done.set_defrost":`Defrost switched`,"done.set_schedule":`Timers set`,"done.start_charging":`Charging started`,"done.start_climate":`Climate started`,"done.stop_charging":`Charging stopped`,"done.stop_climate":`Climate stopped`,"done.unlock":`Unlocked`,"done.wake":`Awake`,"drawing.charging":`plugged in, charging`,"drawing.open":`Show doors, windows and tyres`,"drawing.plugged":`plugged in`,"editor.body":`Body`,"editor.buttons":`Buttons`,"editor.confirm":`Ask before`,"editor.content":`Lines and buttons`,"editor.controls":`Controls`,"editor.controls.help":`Off: the card only shows`,"editor.device_id":`Car`,"editor.device_id.help":`A car of Carport`,"editor.double_tap_action":`Double tap on the number`,"editor.driver_side":`Side of the driver`,"editor.headline":`Large number`,"editor.hold_action":`Hold the number`,"editor.interactions":`Interactions`,"editor.layout":`Layout`,"editor.lines":`Lines`,"editor.look":`Look`,"editor.map":`Map`,"editor.name":`Name`,"editor.paint":`Paint`,"editor.picture":`Picture`,"editor.plate":`Number plate`,"editor.tap_action":`Tap on the number`,forbidden:`You may look at this car, but not control it.`,"headline.battery_level":`Battery level`,"headline.fuel_level":`Fuel level`,"headline.odometer":`Odometer`,"headline.range_electric":`Electric range`,"headline.range_fuel":`Fuel range`,"headline.range_total":`Range`,"history.asking":`Asking the maker …`,"history.charges":`Last charges`,"history.none":`The maker remembers nothing of the last weeks.`,"history.trips":`Last trips`,"limit.current":`Charge current {value}`,"limit.label":`Charge to`,"limit.title":`Charge limit: {car}`,"line.account":`Access: {state}`,"line.away":`Away`,"line.cabin_unknown":`Temperatures: not reported`,"line.charge_window":`Charges from {time}`,"line.closed":`all closed`,"line.departure":`Leaves {time}`,"line.departure_climate":`Leaves {time} · climate`,"line.distance":`{distance} from home`,"line.doors_unknown":`doors: not reported`,"line.inside":`{value} inside`,"line.lock_unknown":`Lock: not reported`,"line.locked":`Locked`,"line.no_departure":`No departure set`,"line.open_many_one":`one thing open`,"line.open_many_other":`{count} things open`,"line.outside":`{value} outside`,"line.place_since":`{place} since {time}`,"line.place_unknown":`Place: not reported`,"line.service":`Service {due}`,"line.service_unknown":`Service: not reported`,"line.some_unknown":`some doors: not reported`,"line.something_open":`something open`,"line.trip":`Last trip {trip}`,"line.trip_unknown":`Last trip: not reported`,"line.tyres":`Tyres {values}`,"line.tyres_bad":`Tyre pressure: check`,"line.tyres_good":`Tyres in order`,"line.tyres_unknown":`Tyres: not reported`,"line.unlocked":`Not locked`,no_car:`{name} is not a car of Carport.`,"not.flash":`Not flashed`,"not.honk":`Not honked`,"not.honk_and_flash":`No horn, no lights`,"not.lock":`Not locked`,"not.other":`{command}: not done`,"not.set_charge_limit":`Charge limit not set`,"not.set_defrost":`Defrost not switched`,"not.set_schedule":`Timers not set`,"not.start_charging":`Charging not started`,"not.start_climate":`Climate not started`,"not.stop_charging":`Charging not stopped`,"not.stop_climate":`Climate not stopped`,"not.unlock":`Not unlocked`,"not.wake":`Not woken`,"open.bonnet":`Bonnet open`,"open.boot":`Boot open`,"open.door_front_left":`Left front door open`,"open.door_front_right":`Right front door open`,"open.door_rear_left":`Left rear door open`,"open.door_rear_right":`Right rear door open`,"open.rear_window":`Rear window open`,"open.roof":`Roof open`,"open.sunroof":`Sunroof open`,"open.window_front_left":`Left front window open`,"open.window_front_right":`Right front window open`,"open.window_rear_left":`Left rear window open`,"open.window_rear_right":`Right rear window open`,open_repairs:`Open`,"option.body.auto":`By model`,"option.body.city":`City car`,"option.body.coupe":`Coupé`,"option.body.estate":`Estate`,"option.body.hatch":`Hatchback`,"option.body.saloon":`Saloon`,"option.body.suv":`SUV`,"option.body.van":`Van`,"option.buttons.charging":`Charging`,"option.buttons.climate":`Climate`,"option.buttons.defrost":`Defrost`,"option.buttons.flash":`Flash`,"option.buttons.honk":`Honk`,"option.buttons.leave":`Leave now`,"option.buttons.lock":`Lock`,"option.buttons.refresh":`Refresh`,"option.confirm.always":`Everything`,"option.confirm.never":`Nothing`,"option.confirm.risky":`What is risky`,"option.driver_side.auto":`By country`,"option.driver_side.left":`Left`,"option.driver_side.right":`Right`,"option.headline.auto":`Automatic`,"option.headline.level":`Level`,"option.headline.range":`Range`,"option.layout.auto":`By width`,"option.layout.compact":`Compact`,"option.layout.full":`Full`,"option.layout.strip":`Strip`,"option.lines.account":`Access`,"option.lines.climate":`Temperatures`,"option.lines.place":`Place`,"option.lines.security":`Locked and closed`,"option.lines.service":`Service`,"option.lines.timers":`Next departure`,"option.lines.trip":`Last trip`,"option.lines.tyres":`Tyres`,"option.map.always":`Always`,"option.map.away":`When away`,"option.map.never":`Never`,"option.picture.auto":`Maker's picture, else drawing`,"option.picture.drawing":`Drawing`,"option.picture.maker":`Maker's picture`,"option.picture.none":`None`,"part.bonnet":`Bonnet`,"part.boot":`Boot`,"part.charge_flap":`Charge flap`,"part.door_front_left":`Left front door`,"part.door_front_right":`Right front door`,"part.door_rear_left":`Left rear door`,"part.door_rear_right":`Right rear door`,"part.lights":`Lights`,"part.rear_window":`Rear window`,"part.roof":`Roof`,"part.sunroof":`Sunroof`,"part.tyre_front_left":`Left front tyre`,"part.tyre_front_right":`Right front tyre`,"part.tyre_rear_left":`Left rear tyre`,"part.tyre_rear_right":`Right rear tyre`,"part.window_front_left":`Left front window`,"part.window_front_right":`Right front window`,"part.window_rear_left":`Left rear window`,"part.window_rear_right":`Right rear window`,"place.since":`Parked since {time}`,"place.title":`Where: {car}`,"receipt.accepted":`Taken by the cloud`,"receipt.captured":`Proved by the car`,"receipt.confirmed":`{done} · confirmed`,"receipt.finished":`Ended`,"receipt.proved":`{done} · proved by the car {time}`,"receipt.requested":`Asked for`,"receipt.taken":`{doing} · taken by the cloud, which tells no more`,"receipt.title":`Last command: {car}`,"receipt.took":`Took`,"report.captured":`Captured by the car`,"report.channel":`Access`,"report.details":`Details of the access`,"report.stale":`This report is older than it should be.`,"report.title":`Last report: {car}`,"report.until":`Until`,resting:`Rests until this is done: {sentence}`,resting_driving:`Rests while the car drives`,retry:`Try again`,"sentence.as_of":`{sentence} · as of {time}`,"sentence.asking":`{command} …`,"sentence.charging":`Charging`,"sentence.charging_limit":`Charging to {limit}`,"sentence.charging_power":`Charging {power}`,"sentence.charging_power_limit":`Charging {power} · to {limit}`,"sentence.charging_power_time":`Charging {power} · {limit} at {time}`,"sentence.charging_problem":`Charging problem`,"sentence.charging_problem_detail":`Charging problem: {detail}`,"sentence.charging_time":`Charging · {limit} at {time}`,"sentence.climate":`Climate running`,"sentence.climate_until":`Climate running · until {time}`,"sentence.closed":`Closed by the maker`,"sentence.closed_since":`Closed by the maker. Last report {day}`,"sentence.complete":`Charging complete`,"sentence.complete_to":`Charged to {level}`,"sentence.cooling":`Cooling to {target}`,"sentence.cooling_until":`Cooling to {target} · until {time}`,"sentence.defrosting":`Defrosting`,"sentence.driving":`On the road`,"sentence.failed":`{command}.`,"sentence.health_stop":`The car says: stop`,"sentence.health_stop_text":`{text}: stop`,"sentence.ignition":`Ignition on`,"sentence.needs_owner":`The account needs you`,"sentence.not_locked":`Not locked`,"sentence.nothing":`No report yet`,"sentence.open_many":`{count} things open`,"sentence.open_one":`{part}`,"sentence.open_two":`{part} · {other}`,"sentence.parked":`Parked`,"sentence.parked_at":`Parked: {place}`,"sentence.parked_at_since":`Parked: {place}, since {time}`,"sentence.parked_away":`Parked away`,"sentence.parked_away_since":`Parked away since {time}`,"sentence.parked_distance":`Parked, {distance} away`,"sentence.parked_distance_since":`Parked, {distance} away, since {time}`,"sentence.parked_since":`Parked since {time}`,"sentence.plugged":`Plugged in, not charging`,"sentence.plugged_paused":`Plugged in · paused`,"sentence.plugged_starting":`Plugged in · charge begins`,"sentence.plugged_starts":`Plugged in · starts {time}`,"sentence.reported":`Last report {time}`,"sentence.running":`{command} … taken by the cloud, waiting for the car · {elapsed}`,"sentence.service":`Service due`,"sentence.service_days_one":`Service in one day`,"sentence.service_days_other":`Service in {days} days`,"sentence.service_distance":`Service in {distance}`,"sentence.service_overdue":`Service overdue`,"sentence.timed_out":`{command}, as far as is known.`,"sentence.warming":`Warming to {target}`,"sentence.warming_until":`Warming to {target} · until {time}`,"sentence.was_charging":`Was charging at {time}`,"strategy.attention":`Attention`,"strategy.charging":`Charging`,"strategy.climate":`Climate`,"strategy.controls":`Controls`,"strategy.data":`Data and access`,"strategy.description":`All cars of Carport, with a page for each`,"strategy.doors":`Doors, windows and lids`,"strategy.driving":`Driving`,"strategy.energy":`Charge and range`,"strategy.health":`Health and service`,"strategy.history":`History`,"strategy.map":`Map`,"strategy.name":`Cars`,"strategy.no_cars":`No car yet. Add an account under Settings › Devices & services.`,"strategy.option.exclude":`Cars to leave out`,"strategy.option.map":`Page with a map`,"strategy.option.order":`Order of the cars`,"strategy.rest":`Everything else`,"strategy.section":`Everything about one car`,"strategy.timers":`Timers`,"strategy.title":`Cars`,unknown:`not reported`},g=/* #__PURE__ */ Object.assign({"./i18n/cs.json":()=>import(`./cs.js`).then(e=>e.default),"./i18n/da.json":()=>import(`./da.js`).then(e=>e.default),"./i18n/de.json":()=>import(`./de.js`).then(e=>e.default),"./i18n/es.json":()=>import(`./es.js`).then(e=>e.default),"./i18n/fr.json":()=>import(`./fr.js`).then(e=>e.default),"./i18n/it.json":()=>import(`./it.js`).then(e=>e.default),"./i18n/nb.json":()=>import(`./nb.js`).then(e=>e.default),"./i18n/nl.json":()=>import(`./nl.js`).then(e=>e.default),"./i18n/pl.json":()=>import(`./pl.js`).then(e=>e.default),"./i18n/pt.json":()=>import(`./pt.js`).then(e=>e.default),"./i18n/sv.json":()=>import(`./sv.js`).then(e=>e.default)}),_=/* @__PURE__ */ new Map([[`en`,h]]),v=/* @__PURE__ */ new Map;function y(e){let t=e.toLowerCase(),n=[`en`,...Object.keys(g).map(e=>e.slice(7,-5))];return n.find(e=>e.toLowerCase()===t)??n.find(e=>e.toLowerCase()===t.split(`-`)[0])??(/^(no|nn)\b/.test(t)&&n.includes(`nb`)?`nb`:`en`)}function b(e){let t=y(e),n=g[`./i18n/${t}.json`];if(_.has(t)||!n)return Promise.resolve();let r=v.get(t);return r||(r=n().then(e=>void _.set(t,e),()=>void v.delete(t)),v.set(t,r)),r}var x=e=>_.has(y(e)),S=/* @__PURE__ */ new Map;function C(e){let t=y(e),n=_.get(t)??h;return(e,r={})=>{let i=r.count,a;if(typeof i==`number`){let r=S.get(t);r||S.set(t,r=new Intl.PluralRules(t)),a=n[`${e}_${r.select(i)}`]??n[`${e}_other`]}return a??=n[e]??h[e]??``,a.replace(/\{(\w+)\}/g,(e,t)=>String(r[t]??``))}}var w=e=>e in h,T=`carport-car-card`,E=`custom:${T}`,D=[`place`,`security`,`climate`,`timers`,`tyres`,`service`,`trip`,`account`],O=[`lock`,`climate`,`charging`,`defrost`,`leave`,`flash`,`honk`,`refresh`],ee=[`auto`,`strip`,`compact`,`full`],k=[...ee,`wide`,`panel`],te=[`place`,`security`,`climate`,`timers`];function ne(e){if(typeof e!=`object`||!e)throw Error(`The configuration is not a mapping`);let t=e;if(typeof t.device_id!=`string`||t.device_id===``)throw Error(`device_id is missing: choose a car`);for(let e of[`lines`,`buttons`]){let n=t[e];if(n!=null&&n!==`auto`&&!Array.isArray(n))throw Error(`${e} has to be a list`)}let n={...t};for(let e of[`name`,`plate`]){let r=t[e];if(typeof r==`number`)n[e]=String(r);else if(r!=null&&typeof r!=`string`)throw Error(`${e} has to be a text`)}return k.includes(t.layout??`auto`)||(n.layout=`auto`),Array.isArray(t.lines)||delete n.lines,n}function re(e){return{type:E,device_id:a(e)[0]?.id??``}}function ie(t){let n=C(t),r=(e,t)=>({select:{mode:`dropdown`,options:t.map(t=>({value:t,label:n(`option.${e}.${t}`)||t}))}}),i=(e,t)=>({select:{multiple:!0,reorder:!0,options:t.map(t=>({value:t,label:n(`option.${e}.${t}`)||t}))}}),a={field:`picture`,operator:`not_in`,value:[`none`]};return{schema:[{name:`device_id`,required:!0,selector:{device:{filter:[{integration:e}]}}},{name:``,type:`grid`,schema:[{name:`name`,selector:{text:{}}},{name:`plate`,selector:{text:{}}}]},{name:`look`,type:`expandable`,flatten:!0,title:n(`editor.look`),schema:[{name:`layout`,selector:r(`layout`,ee)},{name:`headline`,selector:r(`headline`,[`auto`,`range`,`level`])},{name:`picture`,selector:r(`picture`,[`auto`,`drawing`,`maker`,`none`])},{name:`body`,visible:a,selector:r(`body`,[`auto`,...f])},{name:`paint`,visible:a,selector:{ui_color:{}}},{name:`driver_side`,visible:a,selector:r(`driver_side`,[`auto`,`left`,`right`])}]},{name:`content`,type:`expandable`,flatten:!0,title:n(`editor.content`),schema:[{name:`lines`,selector:i(`lines`,D)},{name:`buttons`,selector:i(`buttons`,O)},{name:`controls`,default:!0,selector:{boolean:{}}},{name:`confirm`,selector:r(`confirm`,[`risky`,`always`,`never`])},{name:`map`,selector:r(`map`,[`away`,`always`,`never`])}]},{name:`interactions`,type:`expandable`,flatten:!0,title:n(`editor.interactions`),schema:[`tap_action`,`hold_action`,`double_tap_action`].map(e=>({name:e,selector:{ui_action:{default_action:e===`tap_action`?`more-info`:`none`}}}))}],computeLabel:e=>n(`editor.${e.name}`)||void 0,computeHelper:e=>n(`editor.${e.name}.help`)||void 0,assertConfig:e=>void ne(e)}}var ae=`https://github.com/carport-ha/carport/blob/main/docs/card.md`,oe=()=>C(document.documentElement.lang||navigator.language),se={type:T,get name(){return`Carport: ${oe()(`card.name`)}`},get description(){return oe()(`card.description`)},preview:!0,documentationURL:ae,getEntitySuggestion:ce};function ce(e,t){if(!e.entities||!e.devices)return null;let n=e.entities[t],r=n?.platform===`carport`&&n.device_id?e.devices[n.device_id]:void 0;if(!r||!o(r)||!a(e).includes(r))return null;let i={type:E,device_id:r.id};return[{config:i,label:s(r)},{config:{...i,layout:`strip`},label:C(e.locale.language)(`card.strip`)}]}var le=globalThis,ue=le.ShadowRoot&&(le.ShadyCSS===void 0||le.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,de=Symbol(),fe=/* @__PURE__ */ new WeakMap,pe=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==de)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(ue&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=fe.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&fe.set(t,e))}return e}toString(){return this.cssText}},A=e=>new pe(typeof e==`string`?e:e+``,void 0,de),j=(e,...t)=>new pe(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,de),me=(e,t)=>{if(ue)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=le.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},he=ue?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return A(t)})(e):e,{is:ge,defineProperty:_e,getOwnPropertyDescriptor:ve,getOwnPropertyNames:ye,getOwnPropertySymbols:be,getPrototypeOf:xe}=Object,Se=globalThis,Ce=Se.trustedTypes,we=Ce?Ce.emptyScript:``,Te=Se.reactiveElementPolyfillSupport,Ee=(e,t)=>e,De={toAttribute(e,t){switch(t){case Boolean:e=e?we:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},Oe=(e,t)=>!ge(e,t),ke={attribute:!0,type:String,converter:De,reflect:!1,useDefault:!1,hasChanged:Oe};Symbol.metadata??=Symbol(`metadata`),Se.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var M=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ke){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&_e(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=ve(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ke}static _$Ei(){if(this.hasOwnProperty(Ee(`elementProperties`)))return;let e=xe(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(Ee(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Ee(`properties`))){let e=this.properties,t=[...ye(e),...be(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(he(e))}else e!==void 0&&t.push(he(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return me(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?De:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?De:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??Oe)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};M.elementStyles=[],M.shadowRootOptions={mode:`open`},M[Ee(`elementProperties`)]=/* @__PURE__ */ new Map,M[Ee(`finalized`)]=/* @__PURE__ */ new Map,Te?.({ReactiveElement:M}),(Se.reactiveElementVersions??=[]).push(`2.1.2`);var Ae=globalThis,je=e=>e,Me=Ae.trustedTypes,Ne=Me?Me.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,Pe=`$lit$`,N=`lit$${Math.random().toFixed(9).slice(2)}$`,Fe=`?`+N,Ie=`<${Fe}>`,P=document,Le=()=>P.createComment(``),Re=e=>e===null||typeof e!=`object`&&typeof e!=`function`,ze=Array.isArray,Be=e=>ze(e)||typeof e?.[Symbol.iterator]==`function`,Ve=`[ 	
\f\r]`,He=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ue=/-->/g,We=/>/g,F=RegExp(`>|${Ve}(?:([^\\s"'>=/]+)(${Ve}*=${Ve}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),Ge=/'/g,Ke=/"/g,qe=/^(?:script|style|textarea|title)$/i,Je=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),I=Je(1),Ye=Je(2),L=Symbol.for(`lit-noChange`),R=Symbol.for(`lit-nothing`),Xe=/* @__PURE__ */ new WeakMap,z=P.createTreeWalker(P,129);function Ze(e,t){if(!ze(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return Ne===void 0?t:Ne.createHTML(t)}var Qe=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=He;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===He?c[1]===`!--`?o=Ue:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=F):(qe.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=F):o=We:o===F?c[0]===`>`?(o=i??He,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?F:c[3]===`"`?Ke:Ge):o===Ke||o===Ge?o=F:o===Ue||o===We?o=He:(o=F,i=void 0);let d=o===F&&e[t+1].startsWith(`/>`)?` `:``;a+=o===He?n+Ie:l>=0?(r.push(s),n.slice(0,l)+Pe+n.slice(l)+N+d):n+N+(l===-2?t:d)}return[Ze(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},$e=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Qe(t,n);if(this.el=e.createElement(l,r),z.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=z.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(Pe)){let t=u[o++],n=i.getAttribute(e).split(N),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?rt:r[1]===`?`?it:r[1]===`@`?at:nt}),i.removeAttribute(e)}else e.startsWith(N)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(qe.test(i.tagName)){let e=i.textContent.split(N),t=e.length-1;if(t>0){i.textContent=Me?Me.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],Le()),z.nextNode(),c.push({type:2,index:++a});i.append(e[t],Le())}}}else if(i.nodeType===8){if(i.data===Fe)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(N,e+1))!==-1;)c.push({type:7,index:a}),e+=N.length-1}}a++}}static createElement(e,t){let n=P.createElement(`template`);return n.innerHTML=e,n}};function B(e,t,n=e,r){if(t===L)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=Re(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=B(e,i._$AS(e,t.values),i,r)),t}var et=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??P).importNode(t,!0);z.currentNode=r;let i=z.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new tt(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new ot(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=z.nextNode(),a++)}return z.currentNode=P,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},tt=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=R,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=B(this,e,t),Re(e)?e===R||e==null||e===``?(this._$AH!==R&&this._$AR(),this._$AH=R):e!==this._$AH&&e!==L&&this._(e):e._$litType$===void 0?e.nodeType===void 0?Be(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==R&&Re(this._$AH)?this._$AA.nextSibling.data=e:this.T(P.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=$e.createElement(Ze(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new et(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Xe.get(e.strings);return t===void 0&&Xe.set(e.strings,t=new $e(e)),t}k(t){ze(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(Le()),this.O(Le()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=je(e).nextSibling;je(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},nt=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=R,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=R}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=B(this,e,t,0),a=!Re(e)||e!==this._$AH&&e!==L,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=B(this,r[n+o],t,o),s===L&&(s=this._$AH[o]),a||=!Re(s)||s!==this._$AH[o],s===R?e=R:e!==R&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===R?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},rt=class extends nt{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===R?void 0:e}},it=class extends nt{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==R)}},at=class extends nt{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=B(this,e,t,0)??R)===L)return;let n=this._$AH,r=e===R&&n!==R||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==R&&(n===R||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},ot=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){B(this,e)}},st={M:Pe,P:N,A:Fe,C:1,L:Qe,R:et,D:Be,V:B,I:tt,H:nt,N:it,U:at,B:rt,F:ot},ct=Ae.litHtmlPolyfillSupport;ct?.($e,tt),(Ae.litHtmlVersions??=[]).push(`3.3.3`);var lt=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new tt(t.insertBefore(Le(),e),e,void 0,n??{})}return i._$AI(e),i},ut=globalThis,dt=class extends M{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=lt(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return L}};dt._$litElement$=!0,dt.finalized=!0,ut.litElementHydrateSupport?.({LitElement:dt});var ft=ut.litElementPolyfillSupport;ft?.({LitElement:dt}),(ut.litElementVersions??=[]).push(`4.2.2`);var pt=206,V={width:560,height:224,ground:pt},H=(e,t,n)=>e+(t-e)*n;function mt(e,t,n){let r=e,i=(V.width-r.length)/2,a=e=>V.width-i-e,o=e=>pt-e,s=(e,t)=>`${a(e).toFixed(1)} ${o(t).toFixed(1)}`,c=r.lid===`deck`,l=r.overhang,u=r.overhang+r.wheelbase,d=r.wheel+5,f=r.height-4,p=r.height-(c?6:9),m=r.height-(r.doors===2?2.5:0),h=n===`left`,g=(e,t)=>`${e}_${t}_${h?`left`:`right`}`,_=`M ${s(r.length-10,r.sill)} C ${s(r.length+1,r.sill+8)} ${s(r.length+1,r.tail-30)} ${s(r.length-2,r.tail-8)} Q ${s(r.length-4,r.tail+2)} ${s(r.glassFoot,r.deck)} C ${s(H(r.glassFoot,r.roofEnd,.35),H(r.deck,p,.5))} ${s(H(r.glassFoot,r.roofEnd,.7),p-2)} ${s(r.roofEnd,p)} C ${s(H(r.roofEnd,r.screenTop,.3),m+1)} ${s(H(r.roofEnd,r.screenTop,.72),m+1)} ${s(r.screenTop,f)} C ${s(H(r.screenTop,r.cowl,.35),H(f,r.bonnet,.18))} ${s(H(r.screenTop,r.cowl,.8),H(f,r.bonnet,.78))} ${s(r.cowl,r.bonnet)} C ${s(r.cowl*.6,r.bonnet-2)} ${s(24,r.nose+10)} ${s(10,r.nose)} C ${s(1,r.nose-10)} ${s(-2,r.sill+26)} ${s(4,r.sill+10)} Q ${s(8,r.sill)} ${s(l-d,r.sill)} A ${d} ${d} 0 0 0 ${s(l+d,r.sill)} L ${s(u-d,r.sill)} A ${d} ${d} 0 0 0 ${s(u+d,r.sill)} Z`,v=r.bonnet+3,y=r.deck+2,b=r.cowl+16,x=r.glassFoot-(c?24:16),S=[r.screenTop+4,f-7],C=[r.roofEnd-(c?2:4),p-7],w=e=>H(v,y,(e-b)/(x-b)),T=e=>{let t=(e-r.screenTop)/(r.roofEnd-r.screenTop),n=t>0&&t<1?12*t*(1-t):0;return H(f,p,t)-7+n},E=r.doors===2?H(S[0],x,.62):Math.min(H(r.screenTop,r.roofEnd,.48),l+r.wheelbase*.52),D=r.doors===2?x:u-6,O=(e,t,n,r)=>{let i=n?S:[e+2,T(e+2)],a=r?C:[t-2,T(t-2)],o=n?`M ${s(b,v)} C ${s(H(b,S[0],.3),H(v,S[1],.45))} ${s(H(b,S[0],.7),S[1]-3)} ${s(...S)}`:`M ${s(e+2,w(e))} L ${s(i[0],i[1])}`,c=r?`C ${s(H(C[0],x,.4),C[1]-2)} ${s(H(C[0],x,.8),H(C[1],y,.6))} ${s(x,y)}`:`L ${s(t-2,w(t))}`;return`${o} Q ${s((i[0]+a[0])/2,Math.max(i[1],a[1])+2)} ${s(a[0],a[1])} ${c} Z`},ee=r.doors===4&&D+10<x-14&&r.roofEnd>D,k=[[g(`window`,`front`),O(b,E,!0,!1)]];r.doors===2?k.push([null,O(E,x,!1,!0)]):ee?k.push([g(`window`,`rear`),O(E,D,!1,!1)],[null,O(D,x,!1,!0)]):k.push([g(`window`,`rear`),O(E,x,!1,!0)]);let te=k.map(([e,n],r)=>`<clipPath id="${t}p${r}"><path d="${n}"/></clipPath><path ${e?`data-part="${e}" `:``}d="${n}" class="hole"/><g clip-path="url(#${t}p${r})"><g ${e?`data-part="${e}" `:``}class="pane"><path d="${n}" class="glass"/><path d="${n}" fill="url(#${t}r)"/></g></g>`).join(``),ne=Math.max(r.cowl+26,l+d+6),re=Math.min(x-6,u+2),ie=(e,t,n)=>{let i=r.sill+8,c=n===`rear`?Math.min(t,u-d+14):t,l=n===`rear`?`C ${s(c+2,i+6)} ${s(u-d+8,r.sill+d*.8)} ${s(t,r.sill+d+10)}`:`L ${s(c,i+2)}`;return`<path data-part="${g(`door`,n)}" class="door" d="M ${s(e,w(e)-1)} L ${s(e,i)} Q ${s(e+1,i-3)} ${s(e+5,i-3)} L ${s(c-4,i-3)} ${l} L ${s(t,w(t)-1)} Z"/><rect class="handle" x="${(a(t-9)-10).toFixed(1)}" y="${o(w(t)-11).toFixed(1)}" width="15" height="3.4" rx="1.7"/>`},ae=r.doors===2?ie(ne,E+8,`front`):ie(ne,E,`front`)+ie(E,re,`rear`),oe=[0,72,144,216,288].map(e=>`<path class="spoke" transform="rotate(${e})" d="M -3.4 ${(-r.wheel*.1).toFixed(1)} L -6 ${(-r.wheel*.63).toFixed(1)} Q 0 ${(-r.wheel*.7).toFixed(1)} 6 ${(-r.wheel*.63).toFixed(1)} L 3.4 ${(-r.wheel*.1).toFixed(1)} Z"/>`).join(``),se=(e,t)=>`<path class="arch" d="M ${s(e+d,r.sill)} A ${d} ${d} 0 0 1 ${s(e-d,r.sill)} Z"/><g transform="translate(${a(e)} ${o(r.wheel)})"><circle data-part="${g(`tyre`,t)}" r="${r.wheel}" class="tyre"/><circle r="${(r.wheel*.7).toFixed(1)}" class="disc"/>${oe}<circle r="${(r.wheel*.7).toFixed(1)}" class="rim"/><circle r="${(r.wheel*.15).toFixed(1)}" class="hub"/></g>`,ce=c?`M ${s(r.glassFoot-2,r.deck+1)} Q ${s(r.length-8,r.tail+6)} ${s(r.length-3,r.tail-8)}`:`M ${s(r.roofEnd+2,p+1)} C ${s(H(r.glassFoot,r.roofEnd,.7),p-1)} ${s(H(r.glassFoot,r.roofEnd,.35),H(r.deck,p,.52))} ${s(r.glassFoot+1,r.deck)} L ${s(r.length-3,r.tail-6)} L ${s(r.length-3,r.sill+34)}`,le=c?[a(r.glassFoot-2),o(r.deck+1)]:[a(r.roofEnd+2),o(p+1)],ue=(e,t,n,r)=>`<path data-part="${e}" class="lid" d="${t}" style="transform-origin:${n[0]?.toFixed(1)}px ${n[1]?.toFixed(1)}px;--turn:${r}deg"/>`,de=ue(`boot`,ce,le,c?46:64)+ue(`bonnet`,`M ${s(r.cowl-3,r.bonnet+1)} C ${s(r.cowl*.6,r.bonnet)} ${s(26,r.nose+11)} ${s(14,r.nose+3)}`,[a(r.cowl-3),o(r.bonnet+1)],-30)+`<path data-part="sunroof" class="lid slim" d="M ${s(r.screenTop+22,f+2)} Q ${s(H(r.screenTop,r.roofEnd,.4),m+1)} ${s(H(r.screenTop,r.roofEnd,.6),m)}" style="transform-origin:${a(H(r.screenTop,r.roofEnd,.6)).toFixed(1)}px ${o(m).toFixed(1)}px;--turn:14deg"/>`,fe=`<path class="mirror" d="M ${s(b+10,v+1)} q -3 -10 9 -12 q 10 0 9 8 q 0 5 -8 5 Z"/>`,pe=`<path class="beam" d="M ${s(8,r.nose-4)} L ${s(-64,r.nose-44)} L ${s(-64,4)} L ${s(-14,4)} Z" fill="url(#${t}b)"/><path data-part="lights" class="lamp" d="M ${s(9,r.nose-3)} Q ${s(26,r.nose+5)} ${s(42,r.nose+4)} Q ${s(30,r.nose-8)} ${s(7,r.nose-11)} Z"/><path class="tail" d="M ${s(r.length-4,r.tail-10)} L ${s(r.length-24,r.tail-6)} L ${s(r.length-20,r.tail-16)} L ${s(r.length-2,r.tail-22)} Z"/>`,A=[a(u+18),o(r.tail-6)],j=`<path class="cable" d="M ${A[0]} ${A[1]} C ${a(u+60)} ${A[1]+4} ${a(r.length-6)} ${o(10)} ${a(r.length+44)} ${o(4)} S ${a(r.length+190)} ${o(3)} ${a(r.length+320)} ${o(3)}"/>`,me=`<circle data-part="charge_flap" class="flap" cx="${A[0]}" cy="${A[1]}" r="5.5"/>`,he=`M ${s(u-d-2,r.sill+12)} L ${s(l+d+2,r.sill+12)} L ${s(l+d,r.sill)} L ${s(u-d,r.sill)} Z`;return`<defs><linearGradient id="${t}s" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".42"/><stop offset=".3" stop-color="#fff" stop-opacity=".1"/><stop offset=".46" stop-color="#fff" stop-opacity=".02"/><stop offset=".62" stop-color="#000" stop-opacity=".1"/><stop offset="1" stop-color="#000" stop-opacity=".46"/></linearGradient><linearGradient id="${t}r" x1="0" x2=".5" y1="0" y2="1"><stop offset="0" stop-color="#fff" stop-opacity=".3"/><stop offset=".5" stop-color="#fff" stop-opacity=".04"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient><radialGradient id="${t}b" gradientUnits="userSpaceOnUse" cx="${a(14)}" cy="${o(r.nose-4)}" r="86"><stop offset=".1" stop-color="#ffe9a8" stop-opacity=".62"/><stop offset="1" stop-color="#ffe9a8" stop-opacity="0"/></radialGradient><radialGradient id="${t}g"><stop offset="0" stop-color="#000" stop-opacity=".42"/><stop offset=".7" stop-color="#000" stop-opacity=".22"/><stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient></defs><g${h?` transform="translate(${V.width} 0) scale(-1 1)"`:``}><ellipse class="shadow" cx="${V.width/2}" cy="207" rx="${r.length*.53}" ry="11" fill="url(#${t}g)"/><path class="under" d="M ${s(u+d,r.sill+2)} L ${s(l-d,r.sill+2)} L ${s(l-d+6,14)} L ${s(u+d-6,14)} Z"/><path class="body" d="${_}"/><path d="${_}" fill="url(#${t}s)"/><path class="skirt" d="${he}"/><path class="crease" d="M ${s(34,r.nose-8)} Q ${s(r.length*.5,r.deck-15)} ${s(r.length-28,r.tail-10)}"/><circle class="far" cx="${a(H(r.screenTop,r.roofEnd,.5)).toFixed(1)}" cy="${o(r.height+16).toFixed(1)}" r="7"/>${te}${ae}${de}${fe}${pe}${se(l,`front`)}${se(u,`rear`)}${j}${me}</g>`}var U={width:420,height:540},ht=(e,t,n)=>e+(t-e)*n,gt=e=>{let t=(U.height-e.length)/2;return e=>t+e};function _t(e){let t=gt(e),n=e.width*.49;return{front:t(e.overhang),rear:t(e.overhang+e.wheelbase),left:U.width/2-n,right:U.width/2+n}}function vt(e,t){let n=e,r=U.width/2,i=n.width*.98/2,a=gt(n),o=e=>a(e).toFixed(1),s=e=>t=>(r+e*i*t).toFixed(1),c=s(1),l=s(-1),u=n.length,d=.78,f=n.lid===`deck`?.82:.9,p=`M ${r} ${o(0)} C ${c(.55)} ${o(0)} ${c(d)} ${o(8)} ${c(.93)} ${o(52)} C ${c(1)} ${o(90)} ${c(1)} ${o(u*.35)} ${c(.985)} ${o(u*.5)} C ${c(1)} ${o(u*.7)} ${c(1)} ${o(u*.85)} ${c(f+.04)} ${o(u-34)} C ${c(f-.04)} ${o(u-4)} ${c(.5)} ${o(u)} ${r} ${o(u)} C ${l(.5)} ${o(u)} ${l(f-.04)} ${o(u-4)} ${l(f+.04)} ${o(u-34)} C ${l(1)} ${o(u*.85)} ${l(1)} ${o(u*.7)} ${l(.985)} ${o(u*.5)} C ${l(1)} ${o(u*.35)} ${l(1)} ${o(90)} ${l(.93)} ${o(52)} C ${l(d)} ${o(8)} ${l(.55)} ${o(0)} ${r} ${o(0)} Z`,m=`M ${l(.82)} ${o(n.cowl+14)} Q ${r} ${o(n.cowl-18)} ${c(.82)} ${o(n.cowl+14)} L ${c(.68)} ${o(n.screenTop+6)} Q ${r} ${o(n.screenTop-10)} ${l(.68)} ${o(n.screenTop+6)} Z`,h=Math.max(n.glassFoot-8,n.roofEnd+14),g=`M ${l(.66)} ${o(n.roofEnd-4)} Q ${r} ${o(n.roofEnd+8)} ${c(.66)} ${o(n.roofEnd-4)} L ${c(.74)} ${o(h)} Q ${r} ${o(h+14)} ${l(.74)} ${o(h)} Z`,_=`M ${l(.66)} ${o(n.screenTop+10)} Q ${r} ${o(n.screenTop-6)} ${c(.66)} ${o(n.screenTop+10)} L ${c(.64)} ${o(n.roofEnd-8)} Q ${r} ${o(n.roofEnd+4)} ${l(.64)} ${o(n.roofEnd-8)} Z`,v=`M ${l(.46)} ${o(n.screenTop+24)} Q ${r} ${o(n.screenTop+16)} ${c(.46)} ${o(n.screenTop+24)} L ${c(.45)} ${o(ht(n.screenTop,n.roofEnd,.55))} L ${l(.45)} ${o(ht(n.screenTop,n.roofEnd,.55))} Z`,y=`M ${l(.8)} ${o(n.cowl+6)} Q ${r} ${o(n.cowl-24)} ${c(.8)} ${o(n.cowl+6)} L ${c(.72)} ${o(26)} Q ${r} ${o(8)} ${l(.72)} ${o(26)} Z`,b=Math.max(n.glassFoot+2,n.roofEnd+24),x=`M ${l(.72)} ${o(Math.min(b,u-26))} Q ${r} ${o(Math.min(b+16,u-14))} ${c(.72)} ${o(Math.min(b,u-26))} L ${c(.7)} ${o(u-7)} Q ${r} ${o(u+1)} ${l(.7)} ${o(u-7)} Z`,S=ht(n.screenTop,n.roofEnd,.5),C=n.cowl+34,w=Math.min(n.roofEnd-4,n.overhang+n.wheelbase-4),T=n.doors===2?[[`front`,C,S+30]]:[[`front`,C,S],[`rear`,S+3,w]],E=[{side:-1,name:`left`,m:l},{side:1,name:`right`,m:c}],D=E.flatMap(({side:e,name:t,m:r})=>T.map(([i,a,s])=>`<path data-part="window_${i}_${t}" class="glass" d="M ${r(.86)} ${o(a)} L ${r(.89)} ${o(s)} L ${r(.7)} ${o(s-2)} L ${r(.71)} ${o(Math.max(a+8,n.screenTop+6))} Z"/><path data-part="door_${i}_${t}" class="leaf" style="transform-origin:${r(.97)}px ${o(a)}px;--turn:${e*-52}deg" d="M ${r(1.005)} ${o(a)} L ${r(.99)} ${o(s)} L ${r(.9)} ${o(s)} L ${r(.9)} ${o(a)} Z"/>`)).join(``),O=E.flatMap(({side:e,name:t})=>[[`front`,n.overhang],[`rear`,n.overhang+n.wheelbase]].map(([n,o])=>`<rect data-part="tyre_${n}_${t}" class="tread" x="${(r+e*i*.94-9).toFixed(1)}" y="${(a(o)-30).toFixed(1)}" width="18" height="60" rx="7"/>`)).join(``),ee=`<path class="mirror" d="M ${l(.95)} ${o(C-4)} q -20 2 -22 14 q 10 4 22 -2 Z"/><path class="mirror" d="M ${c(.95)} ${o(C-4)} q 20 2 22 14 q -10 4 -22 -2 Z"/>`,k=[l,c].map((e,t)=>`<path data-part="lights${t}" class="lamp" d="M ${e(.56)} ${o(5)} Q ${e(.82)} ${o(12)} ${e(.9)} ${o(44)} L ${e(.8)} ${o(24)} Z"/>`).join(``),te=`<path class="tail" d="M ${l(.8)} ${o(u-11)} Q ${r} ${o(u+1)} ${c(.8)} ${o(u-11)} L ${c(.74)} ${o(u-5)} Q ${r} ${o(u+4)} ${l(.74)} ${o(u-5)} Z"/>`,ne=`<circle data-part="charge_flap" class="flap" cx="${c(.93)}" cy="${o(n.overhang+n.wheelbase+44)}" r="6"/>`;return`<defs><linearGradient id="${t}s" x1="0" x2="1"><stop offset="0" stop-color="#000" stop-opacity=".38"/><stop offset=".18" stop-color="#fff" stop-opacity=".14"/><stop offset=".5" stop-color="#fff" stop-opacity=".28"/><stop offset=".82" stop-color="#fff" stop-opacity=".08"/><stop offset="1" stop-color="#000" stop-opacity=".42"/></linearGradient></defs>${O}${ee}<path class="body" d="${p}"/><path d="${p}" fill="url(#${t}s)"/><path data-part="bonnet" class="cover" d="${y}"/><path class="glass" d="${m}"/><path data-part="rear_window" class="glass" d="${g}"/><path data-part="roof" class="roof" d="${_}"/><path data-part="sunroof" class="sunroof" d="${v}"/>${D}<path data-part="boot" class="cover" d="${x}"/>${k}${te}${`<path class="cable" d="M ${c(.93)} ${o(n.overhang+n.wheelbase+44)} q 40 4 60 40 t 90 40"/>`}${ne}`}var yt=/* @__PURE__ */ new Map;function bt(e,{body:t,facing:n}){let r=`${e}-${t}-${n}`,i=yt.get(r);if(i===void 0){let a=[e===`side`?mt(d[t],`s`,n):vt(d[t],`t`)];i=Ye(Object.assign(a,{raw:a})),yt.set(r,i)}return i}var xt=e=>[`car`,e.plugged&&`plugged`,e.charging&&`charging`,e.lights&&`lit`,e.moves&&`moves`,St(e)&&`far-open`].filter(Boolean).join(` `);function St({parts:e,facing:t}){let n=t===`left`?`right`:`left`;return Object.entries(e).some(([e,t])=>t===`open`&&e.endsWith(n))}function Ct(e){let t=V.ground-d[e].height-22;return`22 ${t} ${V.width-44} ${V.height-t}`}var wt=e=>I`<svg
    class=${xt(e)}
    data-view="side"
    viewBox=${Ct(e.body)}
    style="--paint:${e.paint}"
    role="img"
    aria-label=${e.label}
  >
    ${bt(`side`,e)}
  </svg>`;function Tt(e){let t=d[e.body],n=(U.height-t.length)/2-8,r=_t(t),i=Object.entries(e.tyres).map(([e,{text:t,bad:n}])=>{let i=e.endsWith(`left`),a=e.startsWith(`front`)?r.front:r.rear;return Ye`<text class="tyre-value ${n?`bad`:``}" aria-hidden="true" x=${i?r.left-16:r.right+16}
      y=${a+7} text-anchor=${i?`end`:`start`} direction="ltr">${t}</text>`});return I`<svg
    class=${xt(e)}
    data-view="top"
    viewBox=${`20 ${n} ${U.width-40} ${U.height-2*n}`}
    style="--paint:${e.paint}"
    role="group"
    aria-label=${e.label}
  >
    ${bt(`top`,e)}${i}
  </svg>`}function Et(e,t,n){let r=e.querySelector(`svg.car[data-view="top"]`),i=new Map(r?n().map(({part:e,label:t})=>[e,t]):[]);for(let n of e.querySelectorAll(`svg.car [data-part]`)){let e=n.dataset.part??``,a=t.parts[e],o=e.startsWith(`door_`);n.classList.toggle(`open`,a===`open`),n.classList.toggle(`unknown`,a===`unknown`||o&&a===`absent`);let[s,c,l]=e.split(`_`);s===`tyre`&&n.classList.toggle(`bad`,t.tyres[`${c}_${l}`]?.bad===!0),s?.startsWith(`lights`)&&n.classList.toggle(`on`,t.lights);let u=t.windows[e];if(n.classList.contains(`pane`)&&u!==void 0&&n.style.setProperty(`--slide`,`${Math.max(6,u*.44)}px`),r?.contains(n)){let t=i.get(e);if(t===void 0)for(let e of[`role`,`tabindex`,`aria-label`])n.removeAttribute(e);else n.setAttribute(`role`,`button`),n.setAttribute(`tabindex`,`0`),n.setAttribute(`aria-label`,t)}}}var Dt=j`
  .car {
    display: block;
    width: 100%;
    height: auto;
    overflow: visible;
    --glass: #2b3642;
    --tyre: #23272c;
    --line: rgb(0 0 0 / 0.42);
    --tone-open: var(--ha-color-on-warning-quiet, var(--warning-color, #c94e00));
    --tone-bad: var(--ha-color-on-danger-quiet, var(--error-color, #c01e2e));
    --tone-live: var(--ha-color-on-success-quiet, var(--success-color, #00883c));
  }
  .dark .car {
    --glass: #101820;
    --tyre: #0d0f11;
    --line: rgb(0 0 0 / 0.62);
  }
  .body {
    fill: var(--paint);
    stroke: color-mix(in srgb, var(--paint) 55%, #000);
    stroke-width: 1.4;
  }
  .dark .body {
    stroke: color-mix(in srgb, var(--paint) 62%, #fff);
    stroke-width: 1.2;
  }
  .glass {
    fill: var(--glass);
  }
  .hole {
    fill: #000;
    opacity: 0.32;
  }
  .skirt {
    fill: #000;
    opacity: 0.28;
  }
  .door,
  .roof {
    fill: transparent;
    stroke: var(--line);
    stroke-width: 1.3;
  }
  .roof {
    stroke: rgb(0 0 0 / 0.2);
  }
  .handle {
    fill: rgb(0 0 0 / 0.45);
  }
  .tyre {
    fill: var(--tyre);
  }
  .disc {
    fill: #4a525a;
  }
  .rim {
    fill: none;
    stroke: #c3cad0;
    stroke-width: 2.6;
  }
  .spoke {
    fill: #d9dfe3;
  }
  .hub {
    fill: #8b949c;
  }
  .lid {
    fill: none;
    stroke: var(--line);
    stroke-width: 1.4;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .lid.slim {
    stroke: transparent;
  }
  .cover {
    fill: transparent;
    stroke: rgb(0 0 0 / 0.3);
    stroke-width: 1.3;
  }
  .sunroof {
    fill: transparent;
    stroke: rgb(0 0 0 / 0.16);
  }
  .leaf {
    fill: transparent;
    stroke: var(--line);
    stroke-width: 1;
  }
  .mirror {
    fill: color-mix(in srgb, var(--paint) 78%, #000);
  }
  .lamp {
    fill: #f4f7fa;
    opacity: 0.8;
  }
  .beam {
    opacity: 0;
  }
  .tail {
    fill: #cf3b3b;
  }
  .tread {
    fill: var(--tyre);
  }
  .under,
  .arch {
    fill: #14171a;
  }
  .crease {
    fill: none;
    stroke: #fff;
    opacity: 0.17;
    stroke-width: 1.6;
  }
  .flap {
    fill: transparent;
    stroke: var(--line);
    stroke-width: 1.2;
  }
  .cable {
    fill: none;
    stroke: #6b737b;
    stroke-width: 4;
    stroke-linecap: round;
    opacity: 0;
  }

  /* Open */
  .door.open {
    fill: color-mix(in srgb, var(--tone-open) 42%, transparent);
    stroke: var(--tone-open);
    stroke-width: 2.6;
  }
  .lid.open {
    stroke: var(--tone-open);
    stroke-width: 5.5;
    transform: rotate(var(--turn));
  }
  .leaf.open {
    fill: var(--paint);
    stroke: var(--tone-open);
    stroke-width: 3.5;
    transform: rotate(var(--turn));
  }
  .cover.open {
    fill: color-mix(in srgb, var(--tone-open) 38%, transparent);
    stroke: var(--tone-open);
    stroke-width: 3.5;
  }
  .sunroof.open,
  .roof.open {
    fill: rgb(0 0 0 / 0.4);
    stroke: var(--tone-open);
    stroke-width: 3.5;
  }
  .pane.open {
    transform: translateY(var(--slide, 24px));
  }
  .hole.open {
    opacity: 1;
    fill: color-mix(in srgb, var(--tone-open) 45%, transparent);
    stroke: var(--tone-open);
    stroke-width: 4;
  }
  .far {
    fill: var(--tone-open);
    opacity: 0;
  }
  .far-open .far {
    opacity: 1;
  }
  .glass.open {
    stroke: var(--tone-open);
    stroke-width: 4;
    fill: color-mix(in srgb, var(--tone-open) 30%, transparent);
  }
  .flap.open {
    stroke: var(--tone-live);
    stroke-width: 3;
  }

  /* Not known: never drawn as closed */
  .door.unknown,
  .leaf.unknown,
  .cover.unknown {
    stroke-dasharray: 5 5;
    stroke-width: 1.8;
  }
  .lid.unknown {
    stroke-dasharray: 5 5;
  }
  .glass.unknown {
    stroke: var(--line);
    stroke-dasharray: 5 5;
  }

  .tyre.bad,
  .tread.bad {
    fill: var(--tone-bad);
  }
  .lamp.on {
    opacity: 1;
    fill: #fff6d8;
    filter: drop-shadow(0 0 6px #ffe08a);
  }
  .lit .beam {
    opacity: 0.85;
  }
  .plugged .cable {
    opacity: 1;
  }
  .plugged .flap {
    fill: #6b737b;
  }
  .charging .cable {
    stroke: var(--tone-live);
  }
  .charging .flap {
    fill: var(--tone-live);
    stroke: var(--tone-live);
  }

  .moves .lid,
  .moves .leaf,
  .moves .pane,
  .moves .door {
    transition:
      transform var(--ha-animation-duration-normal, 200ms) ease-out,
      fill var(--ha-animation-duration-normal, 200ms) ease-out;
  }
  .moves.charging .cable {
    stroke-dasharray: 14 10;
    animation: flow 2.4s linear infinite;
  }
  @keyframes flow {
    from {
      stroke-dashoffset: 48;
    }
    to {
      stroke-dashoffset: 0;
    }
  }
  .tyre-value {
    font: 500 21px var(--ha-font-family-body, system-ui, sans-serif);
    fill: var(--primary-text-color, #141414);
    font-variant-numeric: tabular-nums;
  }
  .tyre-value.bad {
    fill: var(--tone-bad);
  }
  [role="button"] {
    cursor: pointer;
    outline: none;
  }
  [role="button"]:focus-visible {
    stroke: var(--primary-color, #009ac7);
    stroke-width: 5;
  }
  @media (prefers-reduced-motion: reduce) {
    .moves * {
      transition: none !important;
      animation: none !important;
    }
  }
  @media (forced-colors: active) {
    .body,
    .glass,
    .tyre,
    .tread {
      fill: Canvas;
      stroke: CanvasText;
    }
    .open {
      stroke: Highlight !important;
    }
  }
`;async function Ot(){try{return await window.loadCardHelpers?.()}catch{return}}function kt(e,t,n={}){e.dispatchEvent(new CustomEvent(t,{bubbles:!0,composed:!0,detail:n}))}function At(e){history.pushState(null,``,e),kt(window,`location-changed`,{replace:!1})}var jt=6e4,Mt=15*jt;10*jt;var Nt=2*jt;function Pt(e){let t=e.told(`event.last_command`),n=t?.attributes,r=u(t?.state);return!n||r===null||typeof n.command!=`string`?null:{id:String(n.id??t.state),kind:n.command,outcome:n.outcome,reason:n.reason??null,detail:n.detail??{},parameters:n.parameters??{},before:n.before??{},after:n.after??{},toldAt:r,requestedAt:u(n.requested_at),acceptedAt:u(n.accepted_at),finishedAt:u(n.finished_at),capturedAt:u(n.captured_at)}}function Ft({kind:e,parameters:t}){let n=t.mode;return e===`honk_and_flash`&&(n===`flash`||n===`honk`)?n:e}function It(e,t,n){let r=t-e.toldAt;return e.outcome===`accepted`&&e.finishedAt===null?r<Mt?`running`:`over`:e.id===n?`over`:e.outcome===`confirmed`?r<Nt?`confirmed`:`over`:e.outcome===`accepted`?r<Nt?`taken`:`over`:r<6e5?`failed`:`over`}function Lt(e,t){let n=Math.max(0,Math.floor((t-e)/1e3));return`${Math.floor(n/60)}:${String(n%60).padStart(2,`0`)}`}var Rt=6e4,zt=60*Rt,Bt=24*zt,Vt=/* @__PURE__ */ new Map;function Ht(e,t,n,r){let i=`${e} ${t} ${JSON.stringify(n)}`,a=Vt.get(i);if(a===void 0){try{a=r(t,n)}catch{a=r(`en`,n)}Vt.set(i,a)}return a}var Ut=(e,t)=>new Intl.DateTimeFormat(e,t),Wt=(e,t)=>new Intl.NumberFormat(e,t),Gt=(e,t)=>new Intl.RelativeTimeFormat(e,t);function W(e,t){let{language:n,time_format:r,time_zone:i}=e.locale;return Ht(`date`,n,{...t,...i===`server`?{timeZone:e.config.time_zone}:{},...t.hour&&(r===`12`||r===`24`)?{hourCycle:r===`12`?`h12`:`h23`}:{}},Ut)}var Kt=(e,t,n)=>Ht(`number`,e.locale.language,n,Wt).format(t),qt=(e,t)=>W(e,{hour:`2-digit`,minute:`2-digit`}).format(t),Jt=(e,t)=>W(e,{weekday:`short`,hour:`2-digit`,minute:`2-digit`,second:`2-digit`}).format(t),Yt=(e,t)=>W(e,{day:`numeric`,month:`long`}).format(t),Xt=(e,t)=>W(e,{month:`short`,year:`numeric`}).format(t),Zt=(e,t)=>W(e,{weekday:`short`,day:`numeric`,month:`short`,year:`numeric`,hour:`2-digit`,minute:`2-digit`}).format(t);function G(e,t,n){let r=t=>W(e,{dateStyle:`short`}).format(t),i=Math.abs(t-n);return r(t)===r(n)||t>n&&i<12*zt?qt(e,t):i<6*Bt?W(e,{weekday:`short`,hour:`2-digit`,minute:`2-digit`}).format(t):W(e,{day:`numeric`,month:`short`}).format(t)}function Qt(e,t,n,r){let i=n-t;if(i<-12e4)return G(e,t,n);if(i<Rt)return r;let a=Ht(`relative`,e.locale.language,{style:`short`},Gt);return i<zt?a.format(-Math.floor(i/Rt),`minute`):i<Bt?a.format(-Math.floor(i/zt),`hour`):a.format(-Math.floor(i/Bt),`day`)}var K=(e,t)=>Kt(e,t/100,{style:`percent`,maximumFractionDigits:0}),$t=class{constructor(e){this.every=e,this.listeners=/* @__PURE__ */ new Set}add(e){this.listeners.add(e),this.timer??=setInterval(()=>{for(let e of this.listeners)e()},this.every)}delete(e){this.listeners.delete(e),this.listeners.size===0&&(clearInterval(this.timer),this.timer=void 0)}},en=new $t(Rt),tn=new $t(1e3);function nn(e,t){let{words:n}=e,r={};for(let[n,i]of Object.entries(t.values))r[n]=rn(e,t.key,i),`days`in i&&(r.count=i.days);let i=n(`sentence.${t.key}`,r);return t.asOf!==void 0&&(i=n(`sentence.as_of`,{sentence:i,time:G(e.hass,t.asOf,e.now)})),i}function rn(e,t,n){let{hass:r,words:i,now:a}=e;return`text`in n?n.text:`time`in n?G(r,n.time,a):`day`in n?Yt(r,n.day):`percent`in n?K(r,n.percent):`part`in n?on(i,n.part):`days`in n?String(n.days):`elapsed`in n?Lt(n.elapsed,a):an(e,n.command,t===`running`||t===`asking`?`doing`:`not`)}function an(e,t,n){let r=`${n}.${t}`;if(w(r))return e.words(r);let{event:i,hass:a}=e,o=i?a.formatEntityAttributeValue(i,`command`,t):t;return e.words(`${n}.other`,{command:o})}var on=(e,t)=>e(`open.${t}`);function sn(e,t){let{hass:n,exceptions:r,event:i}=e,a=t.reason,o={...t.detail},s=Date.parse(o.until??``);if(Number.isNaN(s)||(o.until=G(n,s,e.now)),o.running&&i&&(o.running=n.formatEntityAttributeValue(i,`command`,o.running)),r){let e=r(`component.carport.exceptions.${t.outcome===`timed_out`?`command_timed_out`:a===`busy`&&!o.running?`command_busy_elsewhere`:`command_${a??`cloud_refused`}`}.message`,o);if(e&&!/\{\w+\}/.test(e))return e}return a!==null&&i?n.formatEntityAttributeValue(i,`reason`,a):``}var cn=3;async function ln(e,t){let n=t;if(t===cn||n.error?.code===cn)return C(e.locale.language)(`connection_lost`);let r=n.translation_domain;if(r&&n.translation_key)try{let t=(await e.loadBackendTranslation(`exceptions`,r))(`component.${r}.exceptions.${n.translation_key}.message`,n.translation_placeholders);if(t)return t}catch{}return n.message??String(t)}var un=class extends dt{constructor(...e){super(...e),this.asked=!1}requestUpdate(...e){e[0]===void 0&&(this.asked=!0),super.requestUpdate(...e)}update(e){this.asked=!1,super.update(e)}},dn=1e3,fn=/* @__PURE__ */ new Set,pn=class{constructor(e){this.card=e,this.dismissed=null,this.pending=null,this.problem=null,this.limitDraft=null,this.lastAction=null,this.reading=!1,this.asking=!1,this.problemAt={receipt:``,time:0},this.limitKeyed=!1,this.limitWish=null,this.dismiss=()=>{this.dismissed=this.card.view?.command?.id??null,this.problem=null,this.card.show(null)},this.retry=()=>{let e=this.card.view&&this.again(this.card.view);e&&this.act(e)},this.onLimitDraft=e=>{this.limitDraft=Number(e.target.value),this.card.requestUpdate()},this.onLimitKey=e=>{this.limitKeyed=e instanceof KeyboardEvent,this.limitKeyed&&e.key===`Enter`&&this.sendLimit()},this.onLimit=e=>{let t=Number(e.target.value),n=this.card.view?.car.id(`number.charge_limit`);if(clearTimeout(this.limitWish?.timer),this.limitWish=null,!n||t===this.card.view?.facts.battery?.limit)return;let{words:r,name:i}=this.card.view,a=r(`limit.label`),o={name:`charging`,kind:`set_charge_limit`,icon:`battery`,label:a,short:a,spoken:r(`action.of_car`,{action:a,car:i}),calls:[{domain:`number`,service:`set_value`,data:{value:t},entity:n}],risky:!1};this.limitWish={action:o,timer:setTimeout(this.sendLimit,dn)},this.limitKeyed||this.sendLimit()},this.sendLimit=()=>{if(!this.limitWish)return;let{action:e,timer:t}=this.limitWish;clearTimeout(t),this.limitWish=null,this.send(e).then(()=>{this.limitDraft=null,this.card.requestUpdate()})}}get forbidden(){return fn.has(this.card.config.device_id)}rests(e,t){return t.beside?this.reading:e.resting!==null}heard(e){if(this.problem===null)return;let{receipt:t,time:n}=this.problemAt;(mn(e)!==t||Date.now()-n>=6e5)&&(this.problem=null)}tell(e){this.problem=e,this.problemAt={receipt:mn(this.card.view?.command),time:Date.now()},this.card.requestUpdate()}act(e){let t=this.card.config.confirm??`risky`;this.problem=null,t===`always`||t!==`never`&&e.risky||e.warning?this.card.show({kind:`ask`,action:e}):this.code(e)}confirmed(e){this.card.view&&this.rests(this.card.view,e)||(this.card.show(null),this.code(e))}async code(e){if(!e.code){await this.send(e);return}if(this.asking)return;this.asking=!0;let t;try{let n=await Ot();if(!n?.showEnterCodeDialog){this.card.show({kind:`code`,action:e});return}t=await n.showEnterCodeDialog(this.card,{codeFormat:e.code.includes(`\\d`)?`number`:`text`,codePattern:e.code,title:e.spoken,submitText:e.label})}finally{this.asking=!1}t!=null&&await this.send(e,t)}codeTyped(e,t){e.preventDefault();let n=String(new FormData(e.target).get(`code`)??``);this.card.show(null),this.send(t,n)}async send(e,t){let{view:n,config:r}=this.card;if(n&&this.rests(n,e))n.resting!==null&&this.tell(n.resting);else{this.problem=null,n?.phase!==`running`&&(this.dismissed=n?.command?.id??this.dismissed),e.beside||(this.lastAction=e),kt(this.card,`haptic`,`light`);for(let n of e.calls){let i=this.card.view?.command?.id;this.goes(e,n.domain===`switch`&&n.service===`turn_off`?`stop_charging`:e.kind);let a=t!==void 0&&n.domain===`lock`?{...n.data,code:t}:{...n.data};try{await this.card.hass.callService(n.domain,n.service,a,{entity_id:n.entity},!1)}catch(e){this.refused(e,i,r.device_id);break}finally{this.goes(e,null)}}}}goes(e,t){e.beside?this.reading=t!==null:this.pending=t,this.card.requestUpdate()}refused(e,t,n){e.code===`unauthorized`?(fn.add(n),this.tell(C(this.card.hass.locale.language)(`forbidden`))):this.told(t)||this.tellError(e,t)}told(e){let t=this.card.view?.command;return!!t&&t.id!==e&&It(t,Date.now())===`failed`}async tellError(e,t){let n=await ln(this.card.hass,e);this.told(t)||this.tell(n)}retryable(e){return e.resting===null&&this.again(e)!==void 0}again(e){let{command:t,actions:n}=e,r=[...n.shown,...n.more],i=this.lastAction,a=i?r.find(({name:e,kind:t})=>e===i.name&&t===i.kind):void 0;if(!t)return a;let o=({kind:e,name:n})=>e===t.kind&&(e!==`honk_and_flash`||n===Ft(t));return a&&o(a)?a:r.find(e=>o(e)&&e.name!==`leave`)}},mn=e=>e?`${e.id} ${e.outcome}`:``,hn={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},gn=e=>(...t)=>({_$litDirective$:e,values:t}),_n=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:vn}=st,yn=e=>e,bn=()=>document.createComment(``),xn=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new vn(r.insertBefore(bn(),i),r.insertBefore(bn(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=yn(e).nextSibling;yn(r).insertBefore(e,i),e=t}}}return n},q=(e,t,n=e)=>(e._$AI(t,n),e),Sn={},Cn=(e,t=Sn)=>e._$AH=t,wn=e=>e._$AH,Tn=e=>{e._$AR(),e._$AA.remove()},En=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},Dn=gn(class extends _n{constructor(e){if(super(e),e.type!==hn.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=wn(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=q(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=q(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=q(i[d],a[m]),xn(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=q(i[f],a[p]),xn(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=En(o,p,m),u=En(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=xn(e,i[d]);q(t,a[p]),c[p]=t}else c[p]=q(n,a[p]),xn(e,i[d],n),i[t]=null;p++}else Tn(i[f]),f--}else Tn(i[d]),d++;for(;p<=m;){let t=xn(e,c[m+1]);q(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&Tn(e)}return this.ut=o,Cn(e,c),L}}),On={account:`M10 4A4 4 0 0 1 14 8A4 4 0 0 1 10 12A4 4 0 0 1 6 8A4 4 0 0 1 10 4M10 14C14.42 14 18 15.79 18 18V20H2V18C2 15.79 5.58 14 10 14M20 12V7H22V13H20M20 17V15H22V17H20Z`,alert:`M13 14H11V9H13M13 18H11V16H13M1 21H23L12 2L1 21Z`,battery:`M16.67,4H15V2H9V4H7.33A1.33,1.33 0 0,0 6,5.33V20.66C6,21.4 6.6,22 7.33,22H16.66C17.4,22 18,21.4 18,20.67V5.33C18,4.6 17.4,4 16.67,4M11,20V14.5H9L13,7V12.5H15`,calendar:`M15,13H16.5V15.82L18.94,17.23L18.19,18.53L15,16.69V13M19,8H5V19H9.67C9.24,18.09 9,17.07 9,16A7,7 0 0,1 16,9C17.07,9 18.09,9.24 19,9.67V8M5,21C3.89,21 3,20.1 3,19V5C3,3.89 3.89,3 5,3H6V1H8V3H16V1H18V3H19A2,2 0 0,1 21,5V11.1C22.24,12.36 23,14.09 23,16A7,7 0 0,1 16,23C14.09,23 12.36,22.24 11.1,21H5M16,11.15A4.85,4.85 0 0,0 11.15,16C11.15,18.68 13.32,20.85 16,20.85A4.85,4.85 0 0,0 20.85,16C20.85,13.32 18.68,11.15 16,11.15Z`,car:`M5,11L6.5,6.5H17.5L19,11M17.5,16A1.5,1.5 0 0,1 16,14.5A1.5,1.5 0 0,1 17.5,13A1.5,1.5 0 0,1 19,14.5A1.5,1.5 0 0,1 17.5,16M6.5,16A1.5,1.5 0 0,1 5,14.5A1.5,1.5 0 0,1 6.5,13A1.5,1.5 0 0,1 8,14.5A1.5,1.5 0 0,1 6.5,16M18.92,6C18.72,5.42 18.16,5 17.5,5H6.5C5.84,5 5.28,5.42 5.08,6L3,12V20A1,1 0 0,0 4,21H5A1,1 0 0,0 6,20V19H18V20A1,1 0 0,0 19,21H20A1,1 0 0,0 21,20V12L18.92,6Z`,check:`M12 2C6.5 2 2 6.5 2 12S6.5 22 12 22 22 17.5 22 12 17.5 2 12 2M10 17L5 12L6.41 10.59L10 14.17L17.59 6.58L19 8L10 17Z`,chevron:`M8.59,16.58L13.17,12L8.59,7.41L10,6L16,12L10,18L8.59,16.58Z`,clock:`M12,20A8,8 0 0,0 20,12A8,8 0 0,0 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22C6.47,22 2,17.5 2,12A10,10 0 0,1 12,2M12.5,7V12.25L17,14.92L16.25,16.15L11,13V7H12.5Z`,close:`M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z`,cloud_alert:`M21.86 12.5C21.1 11.63 20.15 11.13 19 11C19 9.05 18.32 7.4 16.96 6.04C15.6 4.68 13.95 4 12 4C10.42 4 9 4.47 7.75 5.43S5.67 7.62 5.25 9.15C4 9.43 2.96 10.08 2.17 11.1S1 13.28 1 14.58C1 16.09 1.54 17.38 2.61 18.43C3.69 19.5 5 20 6.5 20H18.5C19.75 20 20.81 19.56 21.69 18.69C22.56 17.81 23 16.75 23 15.5C23 14.35 22.62 13.35 21.86 12.5M20.27 17.27C19.79 17.76 19.2 18 18.5 18H6.5C5.53 18 4.71 17.66 4.03 17C3.34 16.29 3 15.47 3 14.5S3.34 12.71 4.03 12.03C4.71 11.34 5.53 11 6.5 11H7C7 9.62 7.5 8.44 8.46 7.46C9.44 6.5 10.62 6 12 6S14.56 6.5 15.54 7.46C16.5 8.44 17 9.62 17 11V13H18.5C19.2 13 19.79 13.24 20.27 13.73S21 14.8 21 15.5 20.76 16.79 20.27 17.27M11 15H13V17H11V15M11 7H13V13H11V7Z`,cloud_clock:`M23 15.5C23 14.79 22.84 14.14 22.55 13.54C21.89 11.79 20.56 10.38 18.86 9.62C18.61 8.26 18 7.06 16.96 6.04C15.6 4.68 13.95 4 12 4C10.42 4 9 4.47 7.75 5.43S5.67 7.62 5.25 9.15C4 9.43 2.96 10.08 2.17 11.1S1 13.28 1 14.58C1 16.09 1.54 17.38 2.61 18.43C3.69 19.5 5 20 6.5 20H10.26C11.53 21.81 13.62 23 16 23C19.87 23 23 19.87 23 16C23 15.89 23 15.79 23 15.68C23 15.62 23 15.56 23 15.5M6.5 18C5.53 18 4.71 17.66 4.03 17C3.34 16.29 3 15.47 3 14.5S3.34 12.71 4.03 12.03C4.71 11.34 5.53 11 6.5 11H7C7 9.62 7.5 8.44 8.46 7.46C9.44 6.5 10.62 6 12 6S14.56 6.5 15.54 7.46C16 7.93 16.35 8.46 16.59 9.03C16.4 9 16.2 9 16 9C12.13 9 9 12.13 9 16C9 16.7 9.11 17.37 9.29 18H6.5M16 21C13.24 21 11 18.76 11 16S13.24 11 16 11 21 13.24 21 16 18.76 21 16 21M16.5 16.25L19.36 17.94L18.61 19.16L15 17V12H16.5V16.25Z`,cloud_closed:`M6.5 18H13V20H6.5C5 20 3.69 19.5 2.61 18.43C1.54 17.38 1 16.09 1 14.58C1 13.28 1.39 12.12 2.17 11.1S4 9.43 5.25 9.15C5.67 7.62 6.5 6.38 7.75 5.43S10.42 4 12 4C13.95 4 15.6 4.68 16.96 6.04C18.08 7.16 18.73 8.5 18.93 10C18.23 10 17.56 10.19 16.95 10.46C16.84 9.31 16.38 8.31 15.54 7.46C14.56 6.5 13.38 6 12 6S9.44 6.5 8.46 7.46C7.5 8.44 7 9.62 7 11H6.5C5.53 11 4.71 11.34 4.03 12.03C3.34 12.71 3 13.53 3 14.5S3.34 16.29 4.03 17C4.71 17.66 5.53 18 6.5 18M23 17.3V20.8C23 21.4 22.4 22 21.7 22H16.2C15.6 22 15 21.4 15 20.7V17.2C15 16.6 15.6 16 16.2 16V14.5C16.2 13.1 17.6 12 19 12S21.8 13.1 21.8 14.5V16C22.4 16 23 16.6 23 17.3M20.5 14.5C20.5 13.7 19.8 13.2 19 13.2S17.5 13.7 17.5 14.5V16H20.5V14.5Z`,cloud_ok:`M13 19C13 19.34 13.04 19.67 13.09 20H6.5C5 20 3.69 19.5 2.61 18.43C1.54 17.38 1 16.09 1 14.58C1 13.28 1.39 12.12 2.17 11.1S4 9.43 5.25 9.15C5.67 7.62 6.5 6.38 7.75 5.43S10.42 4 12 4C13.95 4 15.6 4.68 16.96 6.04C18.32 7.4 19 9.05 19 11C20.15 11.13 21.1 11.63 21.86 12.5C22.37 13.07 22.7 13.71 22.86 14.42C21.82 13.54 20.5 13 19 13C18.89 13 18.79 13 18.68 13C18.62 13 18.56 13 18.5 13H17V11C17 9.62 16.5 8.44 15.54 7.46C14.56 6.5 13.38 6 12 6S9.44 6.5 8.46 7.46C7.5 8.44 7 9.62 7 11H6.5C5.53 11 4.71 11.34 4.03 12.03C3.34 12.71 3 13.53 3 14.5S3.34 16.29 4.03 17C4.71 17.66 5.53 18 6.5 18H13.09C13.04 18.33 13 18.66 13 19M17.75 19.43L16.16 17.84L15 19L17.75 22L22.5 17.25L21.34 15.84L17.75 19.43Z`,danger:`M15.73,3H8.27L3,8.27V15.73L8.27,21H15.73L21,15.73V8.27`,defrost:`M15,23C14.7,23 14.5,22.9 14.3,22.7C13.9,22.3 14,21.7 14.4,21.3V21.3C14.9,20.9 16.1,19.5 16.1,18.4C16.1,17.8 15.7,17.2 15.3,16.5C14.8,15.7 14.1,14.7 14.1,13.5C14.1,11.2 15.4,10.3 15.6,10.2C16.1,9.9 16.7,10.1 17,10.5C17.3,11 17.1,11.6 16.7,11.9V11.9C16.7,11.9 16.2,12.3 16.2,13.5C16.2,14.1 16.6,14.7 17,15.4C17.5,16.2 18.2,17.2 18.2,18.4C18.2,20.6 16.1,22.6 15.9,22.8C15.5,22.9 15.2,23 15,23M11.7,22.7C11.9,22.5 14,20.5 14,18.3C14,17.1 13.4,16.1 12.8,15.3C12.4,14.6 12,14 12,13.4C12,12.2 12.5,11.8 12.5,11.8V11.8C13,11.5 13.1,10.9 12.8,10.4C12.5,9.9 11.9,9.8 11.4,10.1C11.2,10.2 9.9,11.1 9.9,13.4C9.9,14.6 10.5,15.6 11.1,16.4C11.5,17.1 11.9,17.7 11.9,18.3C11.9,19.4 10.7,20.8 10.2,21.2V21.2C9.8,21.6 9.8,22.2 10.1,22.6C10.3,22.8 10.6,22.9 10.8,22.9C11.2,23 11.5,22.9 11.7,22.7M7.7,22.7C7.9,22.5 10,20.5 10,18.3C10,17.1 9.4,16.1 8.8,15.3C8.4,14.7 8,14.1 8,13.4C8,12.2 8.5,11.8 8.5,11.8V11.8C9,11.5 9.1,10.9 8.8,10.4C8.6,10 7.9,9.9 7.5,10.1C7.3,10.2 6,11.1 6,13.4C6,14.6 6.6,15.6 7.2,16.4C7.6,17.1 8,17.7 8,18.3C8,19.4 6.8,20.8 6.3,21.2V21.2C5.9,21.6 5.9,22.2 6.2,22.6C6.5,22.9 6.7,23 7,23C7.2,23 7.5,22.9 7.7,22.7M12,3C9.4,3 1,3.3 1,7C1,9.4 2.2,15.4 2.8,18H4L4.8,18H5V16H4.4C3.8,13.1 3,8.8 3,7C3,6 7.4,5 12,5C16.6,5 21,6 21,7C21,8.8 20.2,13.1 19.6,16H19V18H19.2L20,18H21.2C21.8,15.4 23,9.4 23,7C23,3.3 14.6,3 12,3Z`,door:`M19,14H16V16H19V14M22,21H3V11L11,3H21A1,1 0 0,1 22,4V21M11.83,5L5.83,11H20V5H11.83Z`,drive:`M18.1,4.8C18,4.3 17.6,4 17.1,4H13L13.2,7H10.8L11,4H6.8C6.3,4 5.9,4.4 5.8,4.8L3.1,18.8C3,19.4 3.5,20 4.1,20H10L10.3,15H13.7L14,20H19.8C20.4,20 20.9,19.4 20.8,18.8L18.1,4.8M10.4,13L10.6,9H13.2L13.4,13H10.4Z`,fan:`M12,11A1,1 0 0,0 11,12A1,1 0 0,0 12,13A1,1 0 0,0 13,12A1,1 0 0,0 12,11M12.5,2C17,2 17.11,5.57 14.75,6.75C13.76,7.24 13.32,8.29 13.13,9.22C13.61,9.42 14.03,9.73 14.35,10.13C18.05,8.13 22.03,8.92 22.03,12.5C22.03,17 18.46,17.1 17.28,14.73C16.78,13.74 15.72,13.3 14.79,13.11C14.59,13.59 14.28,14 13.88,14.34C15.87,18.03 15.08,22 11.5,22C7,22 6.91,18.42 9.27,17.24C10.25,16.75 10.69,15.71 10.89,14.79C10.4,14.59 9.97,14.27 9.65,13.87C5.96,15.85 2,15.07 2,11.5C2,7 5.56,6.89 6.74,9.26C7.24,10.25 8.29,10.68 9.22,10.87C9.41,10.39 9.73,9.97 10.14,9.65C8.15,5.96 8.94,2 12.5,2Z`,fan_off:`M12.5,2C9.64,2 8.57,4.55 9.29,7.47L15,13.16C15.87,13.37 16.81,13.81 17.28,14.73C18.46,17.1 22.03,17 22.03,12.5C22.03,8.92 18.05,8.13 14.35,10.13C14.03,9.73 13.61,9.42 13.13,9.22C13.32,8.29 13.76,7.24 14.75,6.75C17.11,5.57 17,2 12.5,2M3.28,4L2,5.27L4.47,7.73C3.22,7.74 2,8.87 2,11.5C2,15.07 5.96,15.85 9.65,13.87C9.97,14.27 10.4,14.59 10.89,14.79C10.69,15.71 10.25,16.75 9.27,17.24C6.91,18.42 7,22 11.5,22C13.8,22 14.94,20.36 14.94,18.21L18.73,22L20,20.72L3.28,4Z`,flash:`M13,4.8C9,4.8 9,19.2 13,19.2C17,19.2 22,16.5 22,12C22,7.5 17,4.8 13,4.8M13.1,17.2C12.7,16.8 12,15 12,12C12,9 12.7,7.2 13.1,6.8C16,6.9 20,8.7 20,12C20,15.3 16,17.1 13.1,17.2M2,5H9.5C9.3,5.4 9,5.8 8.9,6.4C8.8,6.6 8.8,6.8 8.7,7H2V5M8,11H2V9H8.2C8.1,9.6 8.1,10.3 8,11M8.7,17C8.9,17.8 9.2,18.4 9.6,19H2.1V17H8.7M8.2,15H2V13H8C8.1,13.7 8.1,14.4 8.2,15Z`,home:`M10,20V14H14V20H19V12H22L12,3L2,12H5V20H10Z`,honk:`M12,8H4A2,2 0 0,0 2,10V14A2,2 0 0,0 4,16H5V20A1,1 0 0,0 6,21H8A1,1 0 0,0 9,20V16H12L17,20V4L12,8M21.5,12C21.5,13.71 20.54,15.26 19,16V8C20.53,8.75 21.5,10.3 21.5,12Z`,key:`M9 0C7.3 0 6 1.3 6 3S7.3 6 9 6C10.3 6 11.4 5.2 11.8 4H14V6H16V4H18V2H11.8C11.4 .8 10.3 0 9 0M9 2C9.6 2 10 2.4 10 3S9.6 4 9 4 8 3.6 8 3 8.4 2 9 2M6.5 8C5.8 8 5.3 8.4 5.1 9L3 15V23C3 23.6 3.4 24 4 24H5C5.6 24 6 23.6 6 23V22H18V23C18 23.6 18.4 24 19 24H20C20.6 24 21 23.6 21 23V15L18.9 9C18.7 8.4 18.1 8 17.5 8H6.5M6.5 9.5H17.5L19 14H5L6.5 9.5M6.5 16C7.3 16 8 16.7 8 17.5S7.3 19 6.5 19 5 18.3 5 17.5 5.7 16 6.5 16M17.5 16C18.3 16 19 16.7 19 17.5S18.3 19 17.5 19 16 18.3 16 17.5 16.7 16 17.5 16Z`,leave:`M13.34,8.17C12.41,8.17 11.65,7.4 11.65,6.47A1.69,1.69 0 0,1 13.34,4.78C14.28,4.78 15.04,5.54 15.04,6.47C15.04,7.4 14.28,8.17 13.34,8.17M10.3,19.93L4.37,18.75L4.71,17.05L8.86,17.9L10.21,11.04L8.69,11.64V14.5H7V10.54L11.4,8.67L12.07,8.59C12.67,8.59 13.17,8.93 13.5,9.44L14.36,10.79C15.04,12 16.39,12.82 18,12.82V14.5C16.14,14.5 14.44,13.67 13.34,12.4L12.84,14.94L14.61,16.63V23H12.92V17.9L11.14,16.21L10.3,19.93M21,23H19V3H6V16.11L4,15.69V1H21V23M6,23H4V19.78L6,20.2V23Z`,lock:`M12,17A2,2 0 0,0 14,15C14,13.89 13.1,13 12,13A2,2 0 0,0 10,15A2,2 0 0,0 12,17M18,8A2,2 0 0,1 20,10V20A2,2 0 0,1 18,22H6A2,2 0 0,1 4,20V10C4,8.89 4.9,8 6,8H7V6A5,5 0 0,1 12,1A5,5 0 0,1 17,6V8H18M12,3A3,3 0 0,0 9,6V8H15V6A3,3 0 0,0 12,3Z`,map:`M12,11.5A2.5,2.5 0 0,1 9.5,9A2.5,2.5 0 0,1 12,6.5A2.5,2.5 0 0,1 14.5,9A2.5,2.5 0 0,1 12,11.5M12,2A7,7 0 0,0 5,9C5,14.25 12,22 12,22C12,22 19,14.25 19,9A7,7 0 0,0 12,2Z`,more:`M16,12A2,2 0 0,1 18,10A2,2 0 0,1 20,12A2,2 0 0,1 18,14A2,2 0 0,1 16,12M10,12A2,2 0 0,1 12,10A2,2 0 0,1 14,12A2,2 0 0,1 12,14A2,2 0 0,1 10,12M4,12A2,2 0 0,1 6,10A2,2 0 0,1 8,12A2,2 0 0,1 6,14A2,2 0 0,1 4,12Z`,parked:`M16,6L19,10H21C22.11,10 23,10.89 23,12V15H21A3,3 0 0,1 18,18A3,3 0 0,1 15,15H9A3,3 0 0,1 6,18A3,3 0 0,1 3,15H1V12C1,10.89 1.89,10 3,10L6,6H16M10.5,7.5H6.75L4.86,10H10.5V7.5M12,7.5V10H17.14L15.25,7.5H12M6,13.5A1.5,1.5 0 0,0 4.5,15A1.5,1.5 0 0,0 6,16.5A1.5,1.5 0 0,0 7.5,15A1.5,1.5 0 0,0 6,13.5M18,13.5A1.5,1.5 0 0,0 16.5,15A1.5,1.5 0 0,0 18,16.5A1.5,1.5 0 0,0 19.5,15A1.5,1.5 0 0,0 18,13.5Z`,play:`M8,5.14V19.14L19,12.14L8,5.14Z`,plug:`M17.3 5C19 6.5 20 8.6 20 11C20 15.4 16.4 19 12 19S4 15.4 4 11C4 8.6 5.1 6.5 6.7 5H17.3M18 3H6L5.4 3.5C3.2 5.4 2 8.1 2 11C2 16.5 6.5 21 12 21S22 16.5 22 11C22 8.1 20.8 5.4 18.6 3.5L18 3M13 7.5C13 8.3 13.7 9 14.5 9S16 8.3 16 7.5 15.3 6 14.5 6 13 6.7 13 7.5M8 7.5C8 8.3 8.7 9 9.5 9S11 8.3 11 7.5 10.3 6 9.5 6 8 6.7 8 7.5M7 13C8.1 13 9 12.1 9 11C9 9.9 8.1 9 7 9S5 9.9 5 11C5 12.1 5.9 13 7 13M11.5 15C11.5 13.9 10.6 13 9.5 13S7.5 13.9 7.5 15C7.5 16.1 8.4 17 9.5 17S11.5 16.1 11.5 15M12 13C13.1 13 14 12.1 14 11C14 9.9 13.1 9 12 9S10 9.9 10 11C10 12.1 10.9 13 12 13M16.5 15C16.5 13.9 15.6 13 14.5 13S12.5 13.9 12.5 15C12.5 16.1 13.4 17 14.5 17S16.5 16.1 16.5 15M19 11C19 9.9 18.1 9 17 9S15 9.9 15 11C15 12.1 15.9 13 17 13S19 12.1 19 11`,power:`M16.56,5.44L15.11,6.89C16.84,7.94 18,9.83 18,12A6,6 0 0,1 12,18A6,6 0 0,1 6,12C6,9.83 7.16,7.94 8.88,6.88L7.44,5.44C5.36,6.88 4,9.28 4,12A8,8 0 0,0 12,20A8,8 0 0,0 20,12C20,9.28 18.64,6.88 16.56,5.44M13,3H11V13H13`,refresh:`M17.65,6.35C16.2,4.9 14.21,4 12,4A8,8 0 0,0 4,12A8,8 0 0,0 12,20C15.73,20 18.84,17.45 19.73,14H17.65C16.83,16.33 14.61,18 12,18A6,6 0 0,1 6,12A6,6 0 0,1 12,6C13.66,6 15.14,6.69 16.22,7.78L13,11H20V4L17.65,6.35Z`,service:`M22.7,19L13.6,9.9C14.5,7.6 14,4.9 12.1,3C10.1,1 7.1,0.6 4.7,1.7L9,6L6,9L1.6,4.7C0.4,7.1 0.9,10.1 2.9,12.1C4.8,14 7.5,14.5 9.8,13.6L18.9,22.7C19.3,23.1 19.9,23.1 20.3,22.7L22.6,20.4C23.1,20 23.1,19.3 22.7,19Z`,stop:`M18,18H6V6H18V18Z`,temperature:`M15 13V5A3 3 0 0 0 9 5V13A5 5 0 1 0 15 13M12 4A1 1 0 0 1 13 5V8H11V5A1 1 0 0 1 12 4Z`,tyre:`M11,13H13V15H11V13M11,5H13V11H11V5M17,4.76C18.86,6.19 20,8.61 20,11C20,14 18.33,16.64 15.86,18H8.14C5.67,16.64 4,14 4,11C4,8.61 5.09,6.17 7,4.76V2H5V3.86C3.15,5.68 2,8.2 2,11C2,13.8 3.15,16.32 5,18.14V22H7V20H9V22H11V20H13V22H15V20H17V22H19V18.14C20.85,16.32 22,13.8 22,11C22,8.2 20.85,5.68 19,3.86V2H17V4.76Z`,unlock:`M18 1C15.24 1 13 3.24 13 6V8H4C2.9 8 2 8.89 2 10V20C2 21.11 2.9 22 4 22H16C17.11 22 18 21.11 18 20V10C18 8.9 17.11 8 16 8H15V6C15 4.34 16.34 3 18 3C19.66 3 21 4.34 21 6V8H23V6C23 3.24 20.76 1 18 1M10 13C11.1 13 12 13.89 12 15C12 16.11 11.11 17 10 17C8.9 17 8 16.11 8 15C8 13.9 8.9 13 10 13Z`,wake:`M2,5.27L3.28,4L20,20.72L18.73,22L12.73,16H9V14L9.79,13.06L2,5.27M23,12H17V10L20.39,6H17V4H23V6L19.62,10H23V12M9.82,8H15V10L13.54,11.72L9.82,8M7,20H1V18L4.39,14H1V12H7V14L3.62,18H7V20Z`},J=e=>I`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${On[e]}></path>
  </svg>`,kn={neutral:null,muted:null,info:null,success:`plug`,warning:`alert`,danger:`danger`},An={1:`cloud_closed`,2:`account`,3:`clock`,6:`drive`,8:`battery`,9:`plug`,10:`check`,11:`fan`,12:`service`,13:`parked`};function jn(e,t){let{layout:n}=t,r=n===`strip`?Mn(e,t):n===`compact`?Nn(e,t):n===`full`?Pn(e,t):n===`wide`?Fn(e,t):In(e,t);return I`<article
    class="face ${n} ${t.facts.stale?`stale`:``} ${t.hass.themes.darkMode?`dark`:``}"
    aria-labelledby="name"
    aria-describedby="sentence"
  >
    ${r}
  </article>`}function Mn(e,t){let n=t.actions.shown[0];return I`<div class="row">
      ${Hn(t)}
      <div class="grow">${Rn(e,t)}</div>
      ${Bn(e,t)}
    </div>
    <div class="row">
      <div class="grow">${Gn(e,t)}</div>
      ${n?tr(e,t,n,!0):R}
    </div>
    ${Jn(e,t)}`}function Nn(e,t){return I`<header class="row">${Rn(e,t)}<span class="grow"></span>${zn(e,t)}</header>
    <div class="row top">
      <div class="grow number">${Bn(e,t)}${Vn(t)}</div>
      ${Hn(t)}
    </div>
    ${Gn(e,t)}${Jn(e,t)}
    <div class="row foot">
      <div class="grow brief">${t.lines.slice(0,2).map(t=>Qn(e,t))}</div>
      ${$n(e,t,!0)}
    </div>`}function Pn(e,t){return I`<header class="row">${Rn(e,t)}<span class="grow"></span>${zn(e,t)}</header>
    <div class="hero">
      <div class="number">${Bn(e,t)}${Vn(t)}</div>
      ${Un(e,t)}
    </div>
    ${Gn(e,t)}${Jn(e,t)}${Zn(e,t.lines)}${$n(e,t)}`}function Fn(e,t){let n=t.facts.open.length>0,r=Math.ceil(t.lines.length/2),i=t.more.filter(({name:e})=>e===`tyres`||e===`service`),a=I`${Zn(e,t.lines.slice(0,r))}${$n(e,t)}`,o=Zn(e,[...t.lines.slice(r),...i]);return I`<header class="row">${Rn(e,t)}<span class="grow"></span>${zn(e,t)}</header>
    <div class="columns two">
      <div class="stack">
        <div class="number">${Bn(e,t)}${Vn(t)}</div>
        ${Gn(e,t)}${Jn(e,t)}${n?[o,a]:R}
      </div>
      <div class="stack centre">${Un(e,t,n)}</div>
      ${n?R:I`<div class="stack">${a}</div><div class="stack">${o}</div>`}
    </div>`}function In(e,t){return I`<header class="row">${Rn(e,t)}<span class="grow"></span>${zn(e,t)}</header>
    <div class="columns three">
      <div class="stack">
        <div class="number">${Bn(e,t)}${Vn(t)}</div>
        ${Gn(e,t)}${Jn(e,t)}${$n(e,t)}${Zn(e,t.lines)}
      </div>
      <div class="stack centre">
        <div class="from-above" @click=${e.onPart} @keydown=${e.onPart}>${Tt(t.drawn)}</div>
      </div>
      <div class="stack">${Ln(t)?e.map():Wn(t)}${Zn(e,t.more)}</div>
    </div>`}function Ln({config:e,facts:{place:t}}){return e.map===`always`||e.map!==`never`&&t!=null&&!t.home}function Rn(e,t){let{device:n,extra:r,name:i,hass:a,config:o}=t,s=o.tap_action?.navigation_path,c=typeof s==`string`?s:a.user?.is_admin?`/config/devices/device/${n.id}`:null,l=I`<span class="name-text">${i}</span>`;return I`<h2 id="name">
      ${c===null?l:I`<a href=${c} @click=${e.onDevice}>${l}</a>`}
    </h2>
    ${r&&t.layout!==`strip`?I`<span class="extra">${r}</span>`:R}`}function zn(e,t){let{facts:n,words:r,hass:i}=t,a=n.channel===`throttled`?n.channelUntil!==null&&n.channelUntil>t.now?r(`age.next_look`,{time:G(i,n.channelUntil,t.now)}):r(`age.throttled`):n.channel===`degraded`?r(`age.degraded`):null,o=n.channel===`closed_by_maker`?`closed`:n.stale?`old`:`fresh`;return I`<button
    class="age"
    type="button"
    @click=${()=>e.open(`age`)}
  >
    <span class="spoken">${r(`age.label`)}</span>
    ${a?I`<span class="mark">${J(n.channel===`throttled`?`cloud_clock`:`cloud_alert`)}${a}</span>`:R}
    <span class="dot ${t.age===null?`none`:o}"></span>
    ${t.age===null?I`<span aria-hidden="true">–</span><span class="spoken">${r(`age.never`)}</span>`:I`<time datetime=${new Date(n.capturedAt).toISOString()}>${t.age}</time>`}
  </button>`}function Bn(e,t){let{headline:n}=t;return n?I`<button
    class="headline"
    type="button"
    @click=${e.onHeadline}
    @pointerdown=${e.onHeadlineDown}
    @pointerup=${e.onHeadlineUp}
    @pointerleave=${e.onHeadlineUp}
    aria-label=${`${n.label}: ${n.value} ${n.unit}`.trim()}
  >
    <span class="value">${n.value}</span> <span class="unit">${n.unit}</span>
  </button>`:R}function Vn(e){return e.levels.length===0||e.headline?.entity===e.levels[0]?.entity?R:I`<span class="levels"
    >${e.levels.map(e=>I`<span class="level ${e.kind}"><span class="swatch" aria-hidden="true"></span>${e.text}</span>`)}</span
  >`}function Hn(e){return e.config.picture===`none`?R:I`<div class="thumbnail">${wt(e.drawn)}</div>`}function Un(e,t,n=!1){return t.config.picture===`none`?R:n?I`<div class="from-above" @click=${e.onPart} @keydown=${e.onPart}>${Tt(t.drawn)}</div>`:I`<div class="picture">
    ${t.picture?I`<img src=${t.picture} alt=${t.drawn.label} loading="lazy" />`:wt(t.drawn)}
    <button class="cover-all" type="button" @click=${()=>e.open(`parts`)} aria-label=${t.words(`drawing.open`)}></button>
  </div>`}var Wn=e=>I`<div class="picture">${wt(e.drawn)}</div>`;function Gn(e,t){let{said:n,text:r,why:i,words:a}=t,o=kn[n.tone]??An[n.rule]??null,s=n.action;return I`<div class="sentence ${n.tone} ${t.headline?``:`large`}">
    <p id="sentence">
      ${o?J(An[n.rule]??o):R}
      <span class="said grow"
        >${e.leads(t)?I`<button type="button" class="plain" @click=${()=>e.follow(t)}>${r}</button>`:r}${i?I` <span class="why">${i}</span>`:R}</span
      >
      ${s===`repairs`&&t.hass.user?.is_admin?I`<button type="button" class="text strong inline" @click=${e.onRepairs}>${a(`open_repairs`)}</button>`:R}
      ${s===`retry`&&t.layout===`strip`?I`<button type="button" class="inline" @click=${()=>e.open(`receipt`)} aria-label=${a(`details`)}>${J(`chevron`)}</button>`:R}
    </p>
    <span class="spoken" role="status" aria-live="polite">${e.announced}</span>
    ${n.running?I`<div class="progress" aria-hidden="true"></div>`:R}
    ${s===`retry`&&t.layout!==`strip`?I`<div class="row end">
          <button type="button" class="text" @click=${e.commands.dismiss}>${a(`dismiss`)}</button>
          ${e.commands.retryable(t)?I`<button type="button" class="text strong" @click=${e.commands.retry}>${a(`retry`)}</button>`:R}
        </div>`:R}
    ${e.commands.problem?I`<p class="problem" role="alert">${J(`alert`)}<span class="said">${e.commands.problem}</span></p>`:R}
    ${Kn(e,t)}
  </div>`}function Kn(e,t){let{command:n,phase:r,words:i,hass:a,speaker:o}=t;if(!n||r!==`confirmed`&&r!==`taken`)return R;let s=Ft(n);if(r===`taken`)return qn(e,`taken`,i(`receipt.taken`,{doing:an(o,s,`doing`)}));let c=an(o,s,`done`);return qn(e,`confirmed`,`${n.capturedAt===null?i(`receipt.confirmed`,{done:c}):i(`receipt.proved`,{done:c,time:qt(a,n.capturedAt)})}${n.requestedAt!==null&&n.finishedAt!==null?` · ${Lt(n.requestedAt,n.finishedAt)}`:``}`)}var qn=(e,t,n)=>I`<button type="button" class="receipt ${t}" @click=${()=>e.open(`receipt`)}>
    ${J(t===`taken`?`cloud_ok`:`check`)}<span>${n}</span>
  </button>`;function Jn(e,t){return I`${t.levels.map(n=>Xn(e,t,n))}`}var Yn=e=>Math.min(100,Math.max(0,e));function Xn(e,t,n){let{words:r,hass:i,layout:a}=t,{percent:o,limit:s,kind:c}=n,l=c===`battery`,u=!l||n.charging||o===null?``:o<=10?`critical`:o<=20?`low`:``,d=o===null?null:Yn(o),f=s===null?null:Yn(s),p=l&&f!==null&&d!==null&&f>d&&t.facts.plugged===!0,m=r(l?`bar.battery`:`bar.fuel`),h=o===null?r(`unknown`):l&&s!==null?r(`bar.with_limit`,{level:n.text,limit:K(i,s)}):n.text;return I`<div class="bar ${c} ${u} ${n.charging?`charging`:``}">
    <div
      class="track ${o===null?`unknown`:``}"
      role="meter"
      aria-label=${m}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${d??0}
      aria-valuetext=${h}
    >
      ${d===null?R:I`<div class="fill" style="inline-size:${d}%"></div>`}
      ${p?I`<div class="added" style="inset-inline-start:${d}%;inline-size:${f-d}%"></div>`:R}
      ${l&&f!==null?I`<div class="tick" style="inset-inline-start:${f}%"></div>`:R}
    </div>
    ${l&&s!==null&&a!==`strip`?I`<span class="limit">${r(`bar.limit`,{limit:K(i,s)})}</span>`:R}
    <button
      class="cover-all"
      type="button"
      @click=${()=>l&&t.car.can(`number.charge_limit`)&&t.config.controls!==!1?e.open(`limit`):e.info(n.entity)}
      aria-label=${`${m}: ${h}`}
    ></button>
  </div>`}function Zn(e,t){return t.length===0?R:I`<div class="lines">${t.map(t=>Qn(e,t))}</div>`}function Qn(e,t){return I`<button type="button" class="line ${t.tone??``}" data-line=${t.name} @click=${()=>e.onLine(t)}>
    ${J(t.icon)}<span>${t.text}</span>
  </button>`}function $n(e,t,n=!1){let{shown:r,more:i}=t.actions;return r.length===0&&i.length===0?R:I`<div class="buttons">
    ${er(n?r.slice(0,2):r,r=>tr(e,t,r,n))}
    ${i.length>0||n?I`<button
          type="button"
          class="control ${n?`small`:``} dots"
          @click=${()=>e.open(`more`)}
          aria-label=${t.words(`action.more_of`,{car:t.name})}
          title=${t.words(`action.more`)}
        >
          ${J(`more`)}${n?R:I`<span>${t.words(`action.more`)}</span>`}
        </button>`:R}
  </div>`}var er=(e,t)=>Dn(e,({name:e})=>e,t);function tr(e,t,n,r=!1,i=!1){let a=e.commands.rests(t,n);return I`<button
    type="button"
    class="control ${r?`small`:i?`wide`:``} ${a?`rests`:``}"
    data-action=${n.name}
    aria-disabled=${a?`true`:`false`}
    aria-label=${n.spoken}
    title=${!n.beside&&t.resting||n.spoken}
    @click=${()=>a?void 0:e.commands.act(n)}
  >
    ${J(n.icon)}${r?R:I`<span>${i?n.label:n.short}</span>`}
  </button>`}var nr=[`front_left`,`front_right`,`rear_left`,`rear_right`],rr=nr.map(e=>`door_${e}`),ir=nr.map(e=>`window_${e}`),ar=[`boot`,`bonnet`],or=[`sunroof`,`roof`,`rear_window`],Y=nr.map(e=>`tyre_pressure_${e}`),X=[...rr,...ir,...ar,...or];function sr(e){let t={};for(let n of[...X,`charge_flap`]){let r=e.flag(`binary_sensor.${n}`);r===void 0&&rr.includes(n)&&(r=cr(e,`doors_open`)),r===void 0&&ir.includes(n)&&(r=cr(e,`windows_open`)),t[n]=lr(r)}return t}function cr(e,t){let n=e.flag(`binary_sensor.${t}`);return n===!0?null:n}function lr(e){return e===void 0?`absent`:e===null?`unknown`:e?`open`:`closed`}var ur=e=>X.filter(t=>e[t]===`open`),dr=[`sunday`,`monday`,`tuesday`,`wednesday`,`thursday`,`friday`,`saturday`];function fr(e){let t=/* @__PURE__ */ new Map;for(let n of[`time.timer_time`,`switch.timer`])for(let r of e.all(n)){let e=r.attributes,i=Number(e.number);if(!Number.isInteger(i))continue;let a=t.get(i)??{number:i,on:!1,at:null,days:e.days??[],onceOn:e.once_on??null,charges:e.charge===!0,climate:e.climate===!0,window:typeof e.window_start==`string`};t.set(i,a),n===`switch.timer`?(a.toggle=r,a.on=r.state===`on`):(a.time=r,a.at=c(r)?mr(r.state):null,a.on=a.at!==null)}return[...t.values()].sort((e,t)=>e.number-t.number)}function pr(e){return e.flag(`switch.timers`)===!1?[]:fr(e).filter(e=>e.on&&e.at!==null)}function mr(e){let t=/^(\d{1,2}):(\d\d)/.exec(e);return t?Number(t[1])*60+Number(t[2]):null}function hr(e,t){if(e.at===null)return null;for(let n=0;n<=7;n++){let r=new Date(t);if(r.setDate(r.getDate()+n),r.setHours(Math.floor(e.at/60),e.at%60,0,0),!(r.getTime()<=t)){if(e.onceOn!==null){let[n,r,i]=e.onceOn.split(`-`).map(Number),a=new Date(n??0,(r??1)-1,i??1);return a.setHours(Math.floor(e.at/60),e.at%60,0,0),a.getTime()>t?a.getTime():null}if(e.days.length===0||e.days.includes(dr[r.getDay()]??``))return r.getTime()}}return null}function gr(e,t){let n=null;for(let r of e){let e=hr(r,t);e!==null&&(n===null||e<n.at)&&(n={timer:r,at:e})}return n}function _r(e,t){return Or[e](t)}var Z=(e,t,n)=>({name:e,icon:t,text:n,tone:`muted`});function vr({car:e,facts:t,words:n,said:r}){let i=t.place;if(i===void 0)return null;if(i===null)return Z(`place`,`map`,n(`line.place_unknown`));let a=e.text(`sensor.parked_address`);if(r.rule===13&&!a)return null;let o=t.moving!==!0&&t.ignition!==!0,s=t.parkedAt===null||!o?null:G(e.hass,t.parkedAt,t.now),c=[yr(i,n),r.rule===13?null:s],l=c[1]?n(`line.place_since`,{place:c[0]??``,time:c[1]}):c[0]??``;return{name:`place`,icon:i.home?`home`:`map`,text:a?`${l} · ${a}`:l,sheet:`place`}}function yr({zone:e,distance:t},n){return e??(t===null?n(`line.away`):n(`line.distance`,{distance:t}))}function br({car:e,facts:t,words:n,said:r}){let{locked:i,parts:a,open:o}=t,s=X.filter(e=>a[e]!==`absent`),c=[`doors_open`,`windows_open`].some(t=>e.flag(`binary_sensor.${t}`)===!0);if(i===void 0&&s.length===0)return null;let l=s.filter(e=>a[e]!==`unknown`),u=[];i!==void 0&&u.push(n(i===null?`line.lock_unknown`:i?`line.locked`:`line.unlocked`)),r.rule===5&&o.length>0&&o.length<=2||(o.length>4?u.push(n(`line.open_many`,{count:o.length})):o.length>0?u.push(...o.map(e=>on(n,e))):c?u.push(n(`line.something_open`)):s.length>0&&l.length===0?u.push(n(`line.doors_unknown`)):rr.some(e=>a[e]===`unknown`)?u.push(n(`line.some_unknown`)):s.length>0&&u.push(n(`line.closed`)));let d=o.length>0||c||i===!1&&t.moving!==!0,f=i===null&&l.length===0;return{name:`security`,icon:i===!1?`unlock`:o.length>0||c?`door`:`lock`,text:u.join(` · `),tone:f?`muted`:d?`warning`:`neutral`,sheet:`parts`}}function xr({car:e,facts:t,words:n}){let r=e.state(`sensor.inside_temperature`),i=e.state(`sensor.outside_temperature`);if(!r&&!i)return null;let a=[e.text(`sensor.inside_temperature`)&&n(`line.inside`,{value:e.text(`sensor.inside_temperature`)}),e.text(`sensor.outside_temperature`)&&n(`line.outside`,{value:e.text(`sensor.outside_temperature`)})].filter(Boolean),o=e.id(`climate.climate`)??e.id(`sensor.inside_temperature`)??e.id(`sensor.outside_temperature`);return a.length===0?{...Z(`climate`,`temperature`,n(`line.cabin_unknown`)),entity:o}:{name:`climate`,icon:t.climate===!0?`fan`:`temperature`,text:a.join(` · `),entity:o}}function Sr({car:e,facts:t,words:n}){let r=fr(e);if(r.length===0)return null;let i=e.id(`calendar.schedule`)??r[0]?.time?.entity_id??r[0]?.toggle?.entity_id,a=gr(pr(e).filter(e=>!e.window),t.now);if(!a)return t.chargeStartsAt===null?{...Z(`timers`,`calendar`,n(`line.no_departure`)),entity:i}:{name:`timers`,icon:`calendar`,text:n(`line.charge_window`,{time:G(e.hass,t.chargeStartsAt,t.now)}),entity:i};let o=G(e.hass,a.at,t.now);return{name:`timers`,icon:`calendar`,text:n(a.timer.climate?`line.departure_climate`:`line.departure`,{time:o}),entity:i}}function Cr({car:e,words:t}){let n=e.flag(`binary_sensor.tyre_problem`),r=Y.map(t=>e.state(`sensor.${t}`));if(n===void 0&&r.every(e=>e===void 0))return null;let i=e.id(`binary_sensor.tyre_problem`)??e.id(`sensor.${Y[0]}`),a=Y.map(t=>e.text(`sensor.${t}`)??`–`),o=a.some(e=>e!==`–`);return n===!0?{name:`tyres`,icon:`tyre`,text:t(`line.tyres_bad`),tone:`danger`,sheet:`parts`}:o?{name:`tyres`,icon:`tyre`,text:t(`line.tyres`,{values:wr(a)}),sheet:`parts`}:n===!1?{name:`tyres`,icon:`tyre`,text:t(`line.tyres_good`),entity:i}:{...Z(`tyres`,`tyre`,t(`line.tyres_unknown`)),entity:i}}function wr(e){let t=/[\s\u00a0]?[^\d\s\u00a0.,–]+$/u.exec(e.find(e=>e!==`–`)??``)?.[0]??``;return!t||!e.every(e=>e===`–`||e.endsWith(t))?e.join(` · `):`${e.map(e=>e.replace(t,``)).join(` · `)}${t}`}function Tr({car:e,facts:t,words:n}){if([`sensor.service_due_distance`,`sensor.service_due_on`].map(t=>e.state(t)).every(e=>e===void 0))return null;let r=e.id(`sensor.service_due_on`)??e.id(`sensor.service_due_distance`),i=t.serviceAt===null?null:Xt(e.hass,t.serviceAt),a=[t.serviceIn,i].filter(Boolean).join(` · `);return a?{name:`service`,icon:`service`,text:n(`line.service`,{due:a}),entity:r}:{...Z(`service`,`service`,n(`line.service_unknown`)),entity:r}}function Er({car:e,words:t}){if(!e.state(`sensor.last_trip_distance`))return null;let n=[e.text(`sensor.last_trip_distance`),e.text(`sensor.last_trip_duration`),e.text(`sensor.last_trip_consumption_electric`)??e.text(`sensor.last_trip_consumption_fuel`)].filter(Boolean),r=e.id(`sensor.last_trip_distance`);return n.length===0?{...Z(`trip`,`drive`,t(`line.trip_unknown`)),entity:r}:{name:`trip`,icon:`drive`,text:t(`line.trip`,{trip:n.join(` · `)}),entity:r}}function Dr({car:e,facts:t,words:n}){let r=e.text(`sensor.channel`);if(!r)return null;let i=t.channel===`ok`;return{name:`account`,icon:i?`cloud_ok`:`cloud_alert`,text:n(`line.account`,{state:r}),tone:i?`neutral`:`warning`,sheet:`age`}}var Or={place:vr,security:br,climate:xr,timers:Sr,tyres:Cr,service:Tr,trip:Er,account:Dr};function kr(e,t,n){if(!n)return R;let{words:r}=t,i=t.hass.themes.darkMode?`dark`:``,[a,o]=Ar(e,t,n);return I`<dialog class="sheet ${i}" data-sheet=${n.kind} aria-labelledby="sheet-title" @close=${e.onClosed} @pointerdown=${e.onSheetDown} @click=${e.onBackdrop}>
    <div class="sheet-body">
      <header class="row">
        <h3 id="sheet-title" class="grow">${a}</h3>
        <button type="button" class="close" @click=${e.closeSheet} aria-label=${r(`close`)}>${J(`close`)}</button>
      </header>
      ${o}
    </div>
  </dialog>`}function Ar(e,t,n){let{words:r,name:i}=t;switch(n.kind){case`ask`:return[n.action.spoken,jr(e,t,n.action)];case`code`:return[n.action.spoken,Mr(e,t,n.action)];case`limit`:return[r(`limit.title`,{car:i}),Nr(e,t)];case`parts`:return[i,Fr(e,t)];case`place`:return[r(`place.title`,{car:i}),Ir(e,t)];case`receipt`:return[r(`receipt.title`,{car:i}),Rr(e,t)];case`age`:return[r(`report.title`,{car:i}),zr(e,t)];case`more`:return[i,Br(e,t)]}}function jr(e,t,n){let{words:r}=t,i=e.commands.rests(t,n);return I`<p>${n.question??r(`ask.sure`)}</p>
    ${n.warning?I`<p class="problem">${J(`alert`)}<span>${n.warning}</span></p>`:R}
    ${i?I`<p class="note" role="status">${t.resting}</p>`:R}
    <div class="row end">
      <button type="button" class="text" @click=${e.closeSheet}>${r(`cancel`)}</button>
      <button type="button" class="filled" data-confirm aria-disabled=${i?`true`:`false`} @click=${()=>e.commands.confirmed(n)}>${n.label}</button>
    </div>`}function Mr(e,t,n){let{words:r}=t,i=n.code?.includes(`\\d`)===!0;return I`<form @submit=${t=>e.commands.codeTyped(t,n)}>
    <label class="field"
      >${r(`code.label`)}
      <input name="code" type="password" autocomplete="off" inputmode=${i?`numeric`:`text`} pattern=${(n.code??`.*`).replace(/^\^|\$$/g,``)} />
    </label>
    <div class="row end">
      <button type="button" class="text" @click=${e.closeSheet}>${r(`cancel`)}</button>
      <button type="submit" class="filled" data-confirm>${n.label}</button>
    </div>
  </form>`}function Nr(e,t){let{car:n,words:r,hass:i}=t,a=n.state(`number.charge_limit`);if(!a)return R;let{min:o=0,max:s=100,step:c=1}=a.attributes,l=e.commands.limitDraft??n.number(`number.charge_limit`)??null,u=l===null?r(`unknown`):K(i,l),d=t.actions.shown.concat(t.actions.more).find(({name:e})=>e===`charging`),f=n.state(`select.max_charge_current_word`)??n.state(`number.max_charge_current`);return I`<label class="field slider"
      ><span class="row"><span class="grow">${r(`limit.label`)}</span><output>${u}</output></span>
      <input
        type="range"
        min=${o}
        max=${s}
        step=${c}
        .value=${String(l??s)}
        ?disabled=${t.resting!==null}
        aria-valuetext=${u}
        @input=${e.commands.onLimitDraft}
        @keydown=${e.commands.onLimitKey}
        @pointerdown=${e.commands.onLimitKey}
        @blur=${e.commands.sendLimit}
        @change=${e.commands.onLimit}
      />
    </label>
    ${Pr(e,t)}
    ${f?I`<button type="button" class="line" @click=${()=>e.info(f.entity_id)}>
          ${J(`power`)}<span>${r(`limit.current`,{value:i.formatEntityState(f)})}</span>
        </button>`:R}
    ${d?I`<div class="buttons">${tr(e,t,d,!1,!0)}</div>`:R}`}function Pr(e,t){let n=t.said.rule===4?`${t.text} ${t.why}`:``;return I`<p class="note" role="status">${e.commands.problem??t.resting??n}</p>`}function Fr(e,t){return I`<div class="from-above" @click=${e.onPart} @keydown=${e.onPart}>${Tt(t.drawn)}</div>
    ${[...t.lines,...t.more].filter(({name:e})=>e===`security`||e===`tyres`).map(e=>I`<p class="note ${e.tone??``}">${J(e.icon)}<span>${e.text}</span></p>`)}`}function Ir(e,t){let{facts:n,words:r,hass:i,car:a,layout:o}=t,s=a.text(`sensor.parked_address`),c=n.place,l=Ln(t)&&o!==`panel`;return I`${c?I`<p>${yr(c,r)}${s?` · ${s}`:``}</p>`:R}
    ${n.parkedAt===null?R:I`<p class="note">${r(`place.since`,{time:Zt(i,n.parkedAt)})}</p>`}
    ${l&&c?e.map():R}`}var Lr={accepted:`doing`,confirmed:`done`};function Rr(e,t){let{command:n,words:r,hass:i,speaker:a,phase:o}=t;if(!n)return R;let s=[[`receipt.requested`,n.requestedAt],[`receipt.accepted`,n.acceptedAt],[`receipt.captured`,n.capturedAt],[`receipt.finished`,n.finishedAt]];return I`<p>${an(a,Ft(n),Lr[n.outcome]??`not`)}</p>
    <dl>
      ${s.map(([e,t])=>t===null?R:I`<dt>${r(e)}</dt><dd>${Jt(i,t)}</dd>`)}
      ${n.requestedAt!==null&&n.finishedAt!==null?I`<dt>${r(`receipt.took`)}</dt><dd>${Lt(n.requestedAt,n.finishedAt)}</dd>`:R}
    </dl>
    ${n.reason?I`<p>${sn(a,n)}</p>`:R}
    ${o===`failed`?I`<div class="row end">
          <button type="button" class="text" @click=${e.commands.dismiss}>${r(`dismiss`)}</button>
          ${e.commands.retryable(t)?I`<button type="button" class="filled" @click=${e.commands.retry}>${r(`retry`)}</button>`:R}
        </div>`:R}`}function zr(e,t){let{facts:n,words:r,hass:i,car:a}=t,o=t.actions.shown.concat(t.actions.more).find(({name:e})=>e===`refresh`),s=a.state(`sensor.channel`);return I`<dl>
      <dt>${r(`report.captured`)}</dt>
      <dd>${n.capturedAt===null?r(`age.never`):Zt(i,n.capturedAt)}</dd>
      ${s?I`<dt>${r(`report.channel`)}</dt>
            <dd>${i.formatEntityState(s)}</dd>`:R}
      ${n.channelUntil!==null&&n.channelUntil>t.now?I`<dt>${r(`report.until`)}</dt><dd>${G(i,n.channelUntil,t.now)}</dd>`:R}
    </dl>
    ${n.stale?I`<p class="note">${r(`report.stale`)}</p>`:R}
    <div class="buttons">${o?tr(e,t,o,!1,!0):R}</div>
    ${Pr(e,t)}
    ${s?I`<button type="button" class="line" @click=${()=>e.info(s.entity_id)}>${J(`chevron`)}<span>${r(`report.details`)}</span></button>`:R}`}function Br(e,t){let{shown:n,more:r}=t.actions;return I`${Pr(e,t)}
    <div class="buttons all">${er([...n,...r],n=>tr(e,t,n,!1,!0))}</div>
    <div class="lines">${[...t.lines,...t.more].map(t=>Qn(e,t))}</div>`}var Vr=j`
  :host {
    display: block;
    height: 100%;
    --tone-info: var(--primary-color, #009ac7);
    --tone-success: var(--ha-color-on-success-quiet, #00713a);
    --tone-warning: var(--ha-color-on-warning-quiet, #a14a00);
    --tone-danger: var(--ha-color-on-danger-quiet, #b3202a);
    --ground-success: var(--ha-color-fill-success-quiet-resting, rgb(0 136 60 / 0.1));
    --ground-warning: var(--ha-color-fill-warning-quiet-resting, rgb(201 78 0 / 0.1));
    --ground-danger: var(--ha-color-fill-danger-quiet-resting, rgb(192 30 46 / 0.1));
    --quiet: color-mix(in srgb, var(--primary-text-color, #141414) 8%, transparent);
    --text: var(--primary-text-color, #141414);
    --text-2: var(--secondary-text-color, #5e5e5e);
    --size-s: var(--ha-font-size-s, 12px);
    --size-m: var(--ha-font-size-m, 14px);
    --size-l: var(--ha-font-size-l, 16px);
    --ease: var(--ha-animation-duration-normal, 200ms) ease-out;
  }
  ha-card {
    display: block;
    height: 100%;
    overflow: hidden;
    box-sizing: border-box;
    color: var(--text);
    font-size: var(--size-m);
    line-height: 1.35;
  }
  ha-card.empty {
    min-height: 120px;
  }
  .face {
    display: flex;
    flex-direction: column;
    gap: 8px;
    padding: 14px 16px 16px;
    height: 100%;
    box-sizing: border-box;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .row.end {
    justify-content: flex-end;
    flex-wrap: wrap;
  }
  .row.top {
    align-items: flex-end;
  }
  .grow {
    flex: 1 1 auto;
    min-width: 0;
  }
  p,
  h2,
  h3,
  dl,
  dd {
    margin: 0;
  }
  .icon {
    inline-size: 20px;
    block-size: 20px;
    flex: none;
    fill: currentColor;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: none;
    padding: 0;
    margin: 0;
    text-align: start;
    cursor: pointer;
    border-radius: 8px;
  }
  :is(button, a, input):focus-visible {
    outline: 2px solid var(--primary-color, #009ac7);
    outline-offset: 2px;
  }

  /* Columns */
  .columns {
    display: grid;
    gap: 16px 28px;
    align-items: start;
  }
  .two {
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }
  .three {
    grid-template-columns: minmax(0, 1.15fr) minmax(0, 1fr) minmax(0, 1.1fr);
  }
  .stack {
    display: flex;
    flex-direction: column;
    gap: 10px;
    min-width: 0;
  }
  .map {
    border-radius: 12px;
    overflow: hidden;
    min-block-size: 180px;
    background: var(--quiet);
  }

  .gone {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 20px 16px;
    color: var(--text-2);
  }
`,Hr=j`
  /* Name and age */
  #name {
    font-size: var(--size-l);
    font-weight: 500;
    line-height: 1.3;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  #name a {
    color: inherit;
    text-decoration: none;
    border-radius: 6px;
  }
  .extra {
    font-size: var(--size-s);
    color: var(--text-2);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    min-width: 2em;
  }
  .age {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: var(--size-s);
    color: var(--text-2);
    min-height: 32px;
    padding-inline: 6px;
    margin-inline-end: -6px;
    flex: none;
    max-width: 60%;
    text-align: end;
  }
  .mark {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: var(--tone-warning);
  }
  .mark .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .dot {
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--success-color, #2e9e4f);
    flex: none;
  }
  .dot.old {
    background: none;
    box-shadow: inset 0 0 0 2px var(--tone-warning);
  }
  .dot.closed,
  .dot.none {
    background: var(--text-2);
    border-radius: 2px;
  }

  /* The number */
  .headline {
    display: inline-flex;
    align-items: baseline;
    gap: 5px;
    font-variant-numeric: tabular-nums;
    line-height: 1.05;
    letter-spacing: -0.02em;
  }
  .headline .value {
    font-size: calc(var(--size-m) * 2.9);
    font-weight: 300;
  }
  .headline .unit {
    font-size: var(--size-l);
    color: var(--text-2);
    letter-spacing: 0;
  }
  .compact .headline .value {
    font-size: calc(var(--size-m) * 2.2);
  }
  .strip .headline .value {
    font-size: calc(var(--size-m) * 1.45);
    font-weight: 400;
  }
  .strip .headline .unit {
    font-size: var(--size-s);
  }
  .stale .headline .value {
    color: var(--text-2);
  }
  .levels {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    font-size: var(--size-l);
    color: var(--text-2);
    font-variant-numeric: tabular-nums;
  }
  .level {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .swatch {
    inline-size: 9px;
    block-size: 9px;
    border-radius: 50%;
    background: var(--primary-color, #009ac7);
  }
  .fuel .swatch {
    background: var(--text-2);
    border-radius: 2px;
  }
  .level:only-child .swatch {
    display: none;
  }
  .number {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 14px;
  }

  /* The drawing */
  .hero {
    display: flex;
    flex-direction: column;
  }
  .picture,
  .thumbnail,
  .from-above {
    position: relative;
  }
  .full .picture {
    margin-inline: 4% -16px;
    overflow-x: clip;
  }
  .full .picture .car {
    inline-size: 96%;
    margin-inline-start: auto;
  }
  .full .hero {
    gap: 6px;
  }
  .picture img {
    display: block;
    inline-size: 100%;
    block-size: auto;
    max-block-size: 220px;
    object-fit: contain;
  }
  .thumbnail {
    flex: none;
    inline-size: 150px;
  }
  .strip .thumbnail {
    inline-size: 62px;
    overflow: hidden;
  }
  .compact .number {
    gap: 0 10px;
  }
  .inline .icon {
    inline-size: 24px;
    block-size: 24px;
  }
  .from-above {
    max-inline-size: 300px;
    margin-inline: auto;
    inline-size: 100%;
  }
  .wide .from-above {
    max-inline-size: 230px;
  }
  .centre {
    justify-content: center;
  }
  .cover-all {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  .stale .car {
    filter: saturate(0.35);
    opacity: 0.75;
  }

  /* The sentence */
  .sentence {
    display: flex;
    flex-direction: column;
    gap: 6px;
    border-radius: 10px;
    min-block-size: 1.35em;
  }
  .sentence > p {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    font-weight: 500;
  }
  .plain {
    display: inline;
  }
  .sentence .why {
    display: block;
    font-weight: 400;
    color: var(--text);
  }
  .sentence.large > p {
    font-size: calc(var(--size-m) * 1.7);
    font-weight: 400;
  }
  .strip .sentence,
  .compact .sentence {
    font-size: var(--size-s);
  }
  .strip .sentence.large > p,
  .compact .sentence.large > p {
    font-size: var(--size-l);
  }
  .strip .sentence .icon,
  .compact .sentence .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .strip .said {
    display: -webkit-box;
    -webkit-line-clamp: 2;
    -webkit-box-orient: vertical;
    overflow: hidden;
  }
  .sentence.muted > p {
    color: var(--text-2);
  }
  .sentence.success > p {
    color: var(--tone-success);
  }
  .sentence.warning,
  .sentence.danger {
    padding: 8px 10px;
  }
  .strip .sentence.warning,
  .strip .sentence.danger {
    padding: 2px 6px;
  }
  .sentence.warning {
    background: var(--ground-warning);
  }
  .sentence.warning > p:first-child,
  .problem,
  .line.warning,
  .note.warning {
    color: var(--tone-warning);
  }
  .sentence.danger {
    background: var(--ground-danger);
  }
  .sentence.danger > p:first-child,
  .line.danger,
  .note.danger {
    color: var(--tone-danger);
  }
  .sentence .problem {
    font-weight: 400;
    font-size: var(--size-m);
  }
  .spoken {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .progress {
    block-size: 3px;
    border-radius: 2px;
    overflow: hidden;
    background: var(--quiet);
    position: relative;
  }
  .progress::after {
    content: "";
    position: absolute;
    inset-block: 0;
    inline-size: 35%;
    border-radius: 2px;
    background: var(--tone-info);
    animation: slide 2s ease-in-out infinite alternate;
  }
  @keyframes slide {
    from {
      inset-inline-start: 0;
    }
    to {
      inset-inline-start: 65%;
    }
  }
  .receipt {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: var(--size-s);
    background: var(--ground-success);
    padding: 6px 10px;
    border-radius: 10px;
  }

  .receipt .icon {
    color: var(--tone-success);
  }

  .receipt.taken {
    background: var(--quiet);
  }

  .receipt.taken .icon {
    color: inherit;
  }
`,Ur=j`
  @media (prefers-reduced-motion: reduce) {
    .progress::after {
      animation: none;
      inline-size: 100%;
      opacity: 0.6;
    }
    .fill,
    .control {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .fill {
      background: Highlight;
    }
    .track,
    .control,
    dialog {
      border: 1px solid CanvasText;
    }
  }
`,Wr=[Vr,Hr,j`
  /* Levels */
  .bar {
    position: relative;
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 20px;
    font-size: var(--size-s);
    color: var(--text-2);
    --fill: var(--primary-color, #009ac7);
  }
  .bar.fuel {
    min-block-size: 12px;
    --fill: color-mix(in srgb, var(--text-2) 75%, transparent);
  }
  .bar.charging {
    --fill: var(--success-color, #2e9e4f);
  }
  .bar.low {
    --fill: var(--warning-color, #ff9800);
  }
  .bar.critical {
    --fill: var(--error-color, #db4437);
  }
  .stale .bar {
    --fill: var(--text-2);
  }
  .track {
    position: relative;
    flex: 1;
    block-size: 12px;
    border-radius: 6px;
    background: var(--quiet);
    overflow: hidden;
  }
  .fuel .track {
    block-size: 6px;
  }
  .strip .track {
    block-size: 8px;
  }
  .track.unknown {
    background: none;
    border: 1px dashed var(--text-2);
    box-sizing: border-box;
  }
  .fill {
    block-size: 100%;
    background: var(--fill);
    border-radius: 6px;
    transition: inline-size var(--ease);
  }
  .added {
    position: absolute;
    inset-block: 0;
    background: repeating-linear-gradient(
      -55deg,
      color-mix(in srgb, var(--fill) 55%, transparent) 0 4px,
      transparent 4px 8px
    );
  }
  .tick {
    position: absolute;
    inset-block: 0;
    inline-size: 2px;
    margin-inline-start: -2px;
    background: var(--text);
  }
  .limit {
    white-space: nowrap;
  }

  /* Lines */
  .lines {
    display: flex;
    flex-direction: column;
  }
  .line,
  .note {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 30px;
    inline-size: 100%;
  }
  .line .icon {
    color: var(--text-2);
  }
  .line.warning .icon,
  .line.danger .icon {
    color: inherit;
  }
  .line.muted,
  .note.muted {
    color: var(--text-2);
  }
  .line:hover {
    background: var(--quiet);
  }
  .brief .line {
    font-size: var(--size-s);
    min-block-size: 24px;
    gap: 6px;
  }
  .brief .line .icon {
    inline-size: 16px;
    block-size: 16px;
  }
  .foot {
    align-items: center;
    margin-block-start: auto;
  }

  /* Controls */
  .buttons {
    display: flex;
    gap: 8px;
    flex-wrap: wrap;
  }
  .full > .buttons {
    margin-block-start: auto;
  }
  .control {
    display: flex;
    align-items: center;
    justify-content: center;
    flex-direction: column;
    gap: 3px;
    font-size: var(--size-s);
    min-block-size: 54px;
    padding: 6px 4px;
    box-sizing: border-box;
    border-radius: 12px;
    background: var(--quiet);
    font-weight: 500;
    flex: 1 1 60px;
    text-align: center;
    transition: background var(--ease);
  }
  .control:hover {
    background: color-mix(in srgb, var(--text) 14%, transparent);
  }
  .control.dots {
    flex: 0 1 60px;
  }
  .control.small {
    flex: none;
    padding: 0;
    min-block-size: 44px;
    inline-size: 44px;
  }
  .control.wide {
    flex-direction: row;
    gap: 10px;
    min-block-size: 48px;
    padding: 4px 12px;
    font-size: var(--size-m);
  }
  .control.rests {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .foot .buttons {
    flex-wrap: nowrap;
  }
`,j`
  /* Sheets */
  dialog {
    border: none;
    padding: 0;
    color: var(--text);
    background: var(--ha-card-background, var(--card-background-color, #fff));
    border-radius: var(--ha-border-radius-2xl, 24px);
    inline-size: min(440px, calc(100vw - 32px));
    max-block-size: min(86vh, 720px);
    box-shadow: 0 12px 48px rgb(0 0 0 / 0.35);
    font-size: var(--size-m);
    line-height: 1.4;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.45);
  }
  .sheet-body {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 18px 20px 20px;
  }
  h3 {
    font-size: calc(var(--size-m) * 1.3);
    font-weight: 500;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .close {
    inline-size: 44px;
    block-size: 44px;
    display: grid;
    place-items: center;
    margin: -8px;
  }
  .text,
  .filled {
    min-block-size: 44px;
    padding-inline: 14px;
    border-radius: 12px;
    font-weight: 500;
  }
  .sentence .text {
    color: var(--text);
  }
  .sentence .inline {
    margin-block: -12px;
    margin-inline-end: -8px;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .text:hover {
    background: var(--quiet);
  }
  .filled {
    background: var(--primary-text-color, #141414);
    color: var(--card-background-color, #fff);
  }
  .filled[aria-disabled="true"] {
    opacity: 0.45;
    cursor: default;
  }
  .all .control {
    flex: 1 1 44%;
    justify-content: flex-start;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(0, auto) minmax(min-content, 1fr);
    gap: 6px 16px;
  }
  dt {
    overflow-wrap: anywhere;
    color: var(--text-2);
  }
  dd {
    min-inline-size: 0;
    text-align: end;
    overflow-wrap: anywhere;
  }
  .field {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .field input[type="password"] {
    font: inherit;
    font-size: var(--size-l);
    padding: 12px;
    border-radius: 10px;
    border: 1px solid var(--text-2);
    background: none;
    color: inherit;
  }
  .field output {
    font-size: calc(var(--size-m) * 1.6);
    font-weight: 300;
    font-variant-numeric: tabular-nums;
  }
  input[type="range"] {
    inline-size: 100%;
    block-size: 44px;
    margin: 0;
    accent-color: var(--primary-color, #009ac7);
  }
  .note {
    color: var(--text-2);
  }
  /* It is there before it says something, so that a screen reader hears it, and takes no room till then. */
  .note:empty {
    min-block-size: 0;
    margin-block-start: -14px;
  }
  .problem {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }
`,Ur];function Gr(e,t){let n=e.state(`sensor.channel`),r=sr(e);return{now:t,channel:e.word(`sensor.channel`),channelUntil:Kr(n?.attributes.until),capturedAt:e.moment(`sensor.captured_at`)??null,stale:e.flag(`binary_sensor.data_stale`)===!0,command:Pt(e),locking:qr(e),place:Yr(e),parkedAt:e.moment(`sensor.parked_at`)??null,locked:Jr(e),unsecured:e.flag(`binary_sensor.unsecured`),parts:r,open:ur(r),moving:e.flag(`binary_sensor.moving`),ignition:e.flag(`binary_sensor.ignition`),battery:Zr(e),fuel:e.number(`sensor.fuel_level`),...Qr(e,t),...$r(e),...ei(e)}}var Kr=e=>{let t=typeof e==`string`?Date.parse(e):NaN;return Number.isNaN(t)?null:t};function qr(e){let t=e.word(`lock.doors`);return t===`locking`||t===`unlocking`?t:null}function Jr(e){let t=e.word(`lock.doors`);if(t===`locked`||t===`unlocked`)return t===`locked`;let n=e.flag(`binary_sensor.locked`);return n==null?t===void 0?n:null:!n}function Yr(e){let t=e.state(`device_tracker.location`);if(t===void 0)return;if(e.told(`device_tracker.location`)===void 0)return null;let{latitude:n,longitude:r}=t.attributes,i=t.state===`home`;return{home:i,zone:t.state===`not_home`?null:e.hass.formatEntityState(t),distance:i||n===void 0||r===void 0?null:Xr(e,n,r)}}function Xr(e,t,n){let{config:r}=e.hass,i=Math.PI/180,a=(e,t)=>Math.sin((t-e)*i/2)**2,o=a(r.latitude,t)+Math.cos(r.latitude*i)*Math.cos(t*i)*a(r.longitude,n),s=12742*Math.asin(Math.min(1,Math.sqrt(o))),c=r.unit_system.length===`mi`,l=c?s/1.609344:s;return Kt(e.hass,l,{style:`unit`,unit:c?`mile`:`kilometer`,unitDisplay:`short`,maximumFractionDigits:+(l<10)})}function Zr(e){let t=e.number(`sensor.battery_level`);if(t!==void 0)return{percent:t,limit:e.number(`number.charge_limit`)??null}}function Qr(e,t){let n=e.word(`sensor.charging_state`),r=e.flag(`binary_sensor.charging`),i=e.flag(`binary_sensor.plugged_in`),a=gr(pr(e).filter(e=>e.window),t);return{plugged:i??(typeof n==`string`?n!==`disconnected`:i),chargingState:n??(r===!0?`charging`:n),chargingPower:(e.number(`sensor.charging_power`)??0)>0?e.text(`sensor.charging_power`):void 0,completeAt:e.moment(`sensor.charge_complete_at`)??null,chargeStartsAt:a?.at??null,chargingProblem:e.flag(`binary_sensor.charging_problem`),chargingDetail:e.text(`sensor.charging_detail`)??e.text(`sensor.last_charge_end`)}}function $r(e){let t=e.told(`climate.climate`),n=e.flag(`binary_sensor.climate_active`),r=t?.attributes.temperature,i=t?.attributes.current_temperature??e.number(`sensor.inside_temperature`)??e.number(`sensor.outside_temperature`),a=t?t.state!==`off`:n??(e.state(`climate.climate`)?null:n);return{climate:a,target:t&&a===!0&&typeof r==`number`?e.hass.formatEntityAttributeValue(t,`temperature`):void 0,cooling:typeof r==`number`&&typeof i==`number`?i>r:null,climateUntil:e.moment(`sensor.climate_until`)??null,defrost:e.flag(`switch.defrost`)}}function ei(e){let t=e.told(`sensor.health`),n=t?.attributes.messages,r=n?.find(e=>e.severity===t?.state)??n?.[0];return{health:e.word(`sensor.health`),healthText:r?.text??null,serviceAt:e.moment(`sensor.service_due_on`)??null,serviceIn:e.text(`sensor.service_due_distance`)}}var Q={},ti=864e5,ni=60;function ri(e,t={}){for(let[n,r]of mi.entries()){let i=r(e,t);if(i===null)continue;let a=e.stale&&ii.has(n+1)&&e.capturedAt!==null;return{rule:n+1,...i,...a?{asOf:e.capturedAt}:{}}}return{rule:14,key:`nothing`,tone:`muted`,values:Q}}var ii=/* @__PURE__ */ new Set([5,6,7,9,10,11,12,13]),ai=({channel:e,capturedAt:t})=>e===`closed_by_maker`?{key:t===null?`closed`:`closed_since`,tone:`neutral`,values:t===null?Q:{day:{day:t}},action:`repairs`}:null,oi=({channel:e})=>e===`needs_owner`?{key:`needs_owner`,tone:`warning`,values:Q,action:`repairs`}:null,si=(e,{dismissed:t,pending:n})=>{let{command:r,now:i,locking:a}=e;if(r&&It(r,i,t)===`running`)return{key:`running`,tone:`info`,values:{command:{command:Ft(r)},elapsed:{elapsed:r.toldAt}},action:`receipt`,running:!0};let o=a===null?n:a===`locking`?`lock`:`unlock`;return o?{key:`asking`,tone:`info`,values:{command:{command:o}},running:!0}:null},ci=({command:e,now:t},{dismissed:n})=>!e||It(e,t,n)!==`failed`?null:{key:e.outcome===`timed_out`?`timed_out`:`failed`,tone:`danger`,values:{command:{command:Ft(e)}},action:`retry`},li=({unsecured:e,place:t,open:n})=>{if(e!==!0||!t||t.home)return null;let r={tone:`danger`,action:`parts`},[i,a]=n;return i===void 0?{...r,key:`not_locked`,values:Q}:a===void 0?{...r,key:`open_one`,values:{part:{part:i}}}:n.length===2?{...r,key:`open_two`,values:{part:{part:i},other:{part:a}}}:{...r,key:`open_many`,values:{count:{text:String(n.length)}}}},ui=({moving:e,ignition:t})=>e===!0||t===!0?{key:e===!0?`driving`:`ignition`,tone:`info`,values:Q}:null,di=({chargingProblem:e,chargingDetail:t})=>e===!0?t===void 0?{key:`charging_problem`,tone:`warning`,values:Q}:{key:`charging_problem_detail`,tone:`warning`,values:{detail:{text:t}}}:null,fi=e=>{let{chargingState:t,stale:n,capturedAt:r,chargingPower:i,completeAt:a,now:o,battery:s}=e;if(t!==`charging`)return null;if(n&&r!==null)return{key:`was_charging`,tone:`muted`,values:{time:{time:r}}};let c=s?.limit??null,l=a===null||a<o-6e4?c===null?{}:{limit:{percent:c}}:{time:{time:a},limit:{percent:c??100}},u={...i===void 0?{}:{power:{text:i}},...l};return{key:[`charging`,...Object.keys(u).filter(e=>e!==`limit`||!(`time`in u))].join(`_`),tone:`success`,values:u}},pi=/* @__PURE__ */ new Set([`connected`,`starting`,`paused`,`stopped`]),mi=[ai,oi,si,ci,li,ui,di,fi,({plugged:e,chargingState:t,chargeStartsAt:n})=>{if(e!==!0||t===`complete`)return null;let r=typeof t==`string`&&pi.has(t)?t:null;return r===`starting`?{key:`plugged_starting`,tone:`neutral`,values:Q}:n!==null&&r!==`stopped`?{key:`plugged_starts`,tone:`neutral`,values:{time:{time:n}}}:{key:r===`paused`?`plugged_paused`:`plugged`,tone:`neutral`,values:Q}},({plugged:e,chargingState:t,battery:n})=>{if(e!==!0||t!==`complete`)return null;let r=n?.percent??null;return r===null?{key:`complete`,tone:`neutral`,values:Q}:{key:`complete_to`,tone:`neutral`,values:{level:{percent:r}}}},e=>{let{climate:t,defrost:n,target:r,cooling:i,climateUntil:a,now:o,stale:s}=e,c=s?`muted`:`info`;if(t!==!0)return n===!0?{key:`defrosting`,tone:c,values:Q}:null;let l=r===void 0||i===null?`climate`:i?`cooling`:`warming`,u=r===void 0?{}:{target:{text:r}};return a===null||a<=o?{key:l,tone:c,values:u}:{key:`${l}_until`,tone:c,values:{...u,time:{time:a}}}},({health:e,healthText:t,serviceAt:n,serviceIn:r,now:i})=>{if(e===`stop`)return t===null?{key:`health_stop`,tone:`danger`,values:Q,action:`health`}:{key:`health_stop_text`,tone:`danger`,values:{text:{text:t}},action:`health`};if(e!==`service`)return null;let a={tone:`neutral`,action:`health`},o=n===null?null:Math.ceil((n-i)/ti);return o!==null&&o<=0?{...a,key:`service_overdue`,values:Q}:o!==null&&o<=ni?{...a,key:`service_days`,values:{days:{days:o}}}:r===void 0?{...a,key:`service`,values:Q}:{...a,key:`service_distance`,values:{distance:{text:r}}}},({place:e,parkedAt:t,moving:n,ignition:r,capturedAt:i})=>{let a=t===null?{}:{time:{time:t}},o=t===null?``:`_since`,s={tone:`neutral`,...e?{action:`place`}:{}};return e&&e.zone!==null?{...s,key:`parked_at${o}`,values:{place:{text:e.zone},...a}}:e?e.distance===null?{...s,key:`parked_away${o}`,values:a}:{...s,key:`parked_distance${o}`,values:{distance:{text:e.distance},...a}}:t===null?n===!1||r===!1?{...s,key:`parked`,values:Q}:i===null?null:{...s,key:`reported`,values:{time:{time:i}}}:{...s,key:`parked_since`,values:a}}],hi=`#6d8299`,gi=[[/dark.?blue|navy|night|indigo/i,`#22396b`],[/light.?blue|sky|cyan|turquoise|teal/i,`#5b9bb5`],[/blue|blau|bleu/i,`#2d5590`],[/red|rot\b|rouge|flame|burgundy/i,`#a8232d`],[/white|wei(ß|ss)|blanc|polar|alpine/i,`#e6e7e5`],[/black|schwarz|noir/i,`#24272b`],[/silver|silber|argent/i,`#b9bfc5`],[/gr[ea]y|grau|gris|anthracite|graphite/i,`#565f68`],[/green|gr(ü|ue)n|vert|olive/i,`#4b6650`],[/yellow|gelb|jaune|gold|amber/i,`#d0a21c`],[/orange|copper/i,`#c8672a`],[/brown|braun|bronze|beige/i,`#7d6650`],[/purple|violet|pink|magenta/i,`#6a4470`]];function _i(e){return!e||e===`auto`?hi:/^#[0-9a-f]{6}$/i.test(e)||/^#[0-9a-f]{3}$/i.test(e)?e:e===`primary`||e===`accent`?`var(--${e}-color, ${hi})`:gi.find(([t])=>t.test(e))?.[1]??hi}var vi=e=>[{domain:`button`,service:`press`,entity:e}];function yi({car:e,facts:t,words:n}){let r=e.id(`lock.doors`);if(!r||!e.can(`lock.doors`))return null;let i=t.locked===!0,a=e.state(`lock.doors`)?.attributes.code_format,o=t.place?.zone??t.place?.distance;return{kind:i?`unlock`:`lock`,icon:i?`unlock`:`lock`,label:n(i?`action.unlock`:`action.lock`),calls:[{domain:`lock`,service:i?`unlock`:`lock`,entity:r}],risky:i,question:o?n(`ask.unlock_at`,{place:o}):n(`ask.unlock`),code:a}}function bi({car:e,facts:t,words:n}){let r=e.id(`climate.climate`),i=e.state(`climate.climate`);if(!r||!i||!e.can(`climate.climate`))return null;let a=i.attributes.hvac_modes??[];if(t.climate===!0)return a.includes(`off`)?{kind:`stop_climate`,icon:`fan_off`,label:n(`action.stop_climate`),calls:[{domain:`climate`,service:`set_hvac_mode`,data:{hvac_mode:`off`},entity:r}]}:null;let o=t.battery?.percent,s=a.find(e=>e!==`off`)??`heat_cool`;return{kind:`start_climate`,icon:`fan`,label:n(t.cooling===!0?`action.cool`:`action.warm`),calls:[{domain:`climate`,service:`set_hvac_mode`,data:{hvac_mode:s},entity:r}],warning:typeof o==`number`&&o<20&&t.plugged!==!0?n(`ask.low_battery`):void 0}}function xi({car:e,facts:t,words:n}){let r=e.id(`switch.charge_control`);if(!r||!e.can(`switch.charge_control`)||t.plugged===!1)return null;let i=e.flag(`switch.charge_control`)===!0||t.chargingState===`charging`;return{kind:i?`stop_charging`:`start_charging`,icon:i?`stop`:`play`,label:n(i?`action.stop_charging`:`action.start_charging`),...i?{short:n(`action.stop_charging.short`)}:{},calls:[{domain:`switch`,service:i?`turn_off`:`turn_on`,entity:r}]}}function Si({car:e,words:t}){let n=e.id(`switch.defrost`);if(!n||!e.can(`switch.defrost`))return null;let r=e.flag(`switch.defrost`)===!0;return{kind:`set_defrost`,icon:`defrost`,label:t(r?`action.stop_defrost`:`action.defrost`),calls:[{domain:`switch`,service:r?`turn_off`:`turn_on`,entity:n}]}}function Ci(e){let{car:t,facts:n,words:r}=e,i=yi(e);if(n.plugged!==!0||i?.kind!==`unlock`||!i.calls)return null;let a=n.chargingState===`charging`?xi(e)?.calls:[];return a?{kind:`unlock`,icon:`leave`,label:r(`action.leave`),calls:[...a,...i.calls],risky:!0,question:r(a.length?`ask.leave`:`ask.unlock`),code:t.state(`lock.doors`)?.attributes.code_format}:null}function wi(e,t,n,r=()=>({})){return({car:i,words:a})=>{let o=i.id(`button.${e}`);return!o||!i.can(`button.${e}`)?null:{kind:t,icon:n,label:a(`action.${e}`),calls:vi(o),...r(a)}}}var Ti={lock:yi,climate:bi,charging:xi,defrost:Si,leave:Ci,flash:wi(`flash`,`honk_and_flash`,`flash`),honk:wi(`honk`,`honk_and_flash`,`honk`,e=>({risky:!0,question:e(`ask.honk`)})),refresh:wi(`refresh`,`refresh`,`refresh`,()=>({beside:!0})),wake:wi(`wake`,`wake`,`wake`,e=>({risky:!0,question:e(`ask.wake`)}))},Ei=[`lock`,`climate`,`charging`,`defrost`,`leave`,`flash`,`honk`,`refresh`,`wake`],Di=4;function Oi(e,t){if(t.controls===!1)return{shown:[],more:[]};let n=/* @__PURE__ */ new Map;for(let t of Ei){let r=Ti[t](e);if(!r)continue;let i=r.label??``;n.set(t,{name:t,kind:t,icon:`power`,label:i,short:i,calls:[],risky:!1,...r,spoken:e.words(`action.of_car`,{action:i,car:e.name})})}let r=(Array.isArray(t.buttons)?t.buttons:Ei.filter(e=>e===`lock`||e===`climate`||e===`charging`)).flatMap(e=>n.get(e)??[]),i=Ei.flatMap(e=>n.get(e)??[]).filter(e=>!r.includes(e)),a=i.length>0||r.length>Di?3:Di,o=r.slice(a);return r=r.slice(0,a),{shown:r,more:[...o,...i]}}function ki(e,t,n,i,a,o){let c=e.devices[t.device_id];if(!c)return null;let u=new l(e,r(e,c.id)),d=Gr(u,a),f=t.name||s(c),p=u.state(`event.last_command`),m={hass:e,words:n,now:a,exceptions:o.exceptions,...p?{event:p}:{}},h=ri(d,o.look),g={car:u,facts:d,words:n,said:h,name:f},_=d.command?It(d.command,a,o.look.dismissed):`over`,v=Fi(u,d,c,t,n),y=t.lines??te,b=e=>e.flatMap(e=>D.includes(e)?_r(e,g)??[]:[]),x=Ai(()=>b(D.filter(e=>!y.includes(e)))),S=Ai(()=>zi(u,n));return{hass:e,words:n,config:t,layout:i,now:a,device:c,car:u,facts:d,name:f,extra:t.plate||ji(c.model,f),said:h,text:nn(m,h),why:h.rule===4&&d.command?sn(m,d.command):``,command:d.command,phase:_,headline:Mi(u,d,t,n),levels:Ni(u,d),age:d.capturedAt===null?null:Qt(e,d.capturedAt,a,n(`age.just_now`)),drawn:v,get parts(){return S()},picture:Vi(u,t),lines:b(y),get more(){return x()},actions:o.forbidden?{shown:[],more:[]}:Oi(g,t),resting:h.running?n(`resting`,{sentence:nn(m,{...h,key:`asking`})}):d.moving===!0?n(`resting_driving`):null,speaker:m}}function Ai(e){let t;return()=>(t??={it:e()}).it}function ji(e,t){return e&&!t.toLowerCase().includes(e.toLowerCase())?e:``}function Mi(e,t,n,r){let i=[`sensor.range_total`,`sensor.range_electric`,`sensor.range_fuel`],a=[`sensor.battery_level`,`sensor.fuel_level`],o=n.headline===`level`?[...a,...i]:[...i,...a],s=[...o,`sensor.odometer`].find(t=>e.told(t))??o.find(t=>e.state(t)),c=s&&e.state(s);if(!s||!c||t.capturedAt===null&&!e.told(s))return null;let l=r(`headline.${s.split(`.`)[1]}`);if(!e.told(s))return{value:`–`,unit:``,entity:c.entity_id,label:l};let u=e.hass.formatEntityStateToParts?.(c),d=u?.find(({type:e})=>e===`unit`)?.value,f=u?.filter(({type:e})=>e===`value`).map(e=>e.value).join(``),p=c.entity_id;if(f&&d!==void 0)return{value:f,unit:d,entity:p,label:l};let m=e.hass.formatEntityState(c),h=/^(\S+?)[\s\u00a0]?([^\d\s.,]\S*)?$/u.exec(m);return{value:f||h?.[1]||m,unit:d??h?.[2]??``,entity:p,label:l}}function Ni(e,t){let n=[],r=e.id(`sensor.battery_level`);r&&t.battery&&n.push({kind:`battery`,...t.battery,charging:t.chargingState===`charging`&&!t.stale,text:t.battery.percent===null?`–`:K(e.hass,t.battery.percent),entity:r});let i=e.id(`sensor.fuel_level`);if(i&&t.fuel!==void 0){let r=t.fuel===null?`–`:K(e.hass,t.fuel);n.push({kind:`fuel`,percent:t.fuel,limit:null,charging:!1,text:r,entity:i})}return n}var Pi=new Set(`AU BD BB BN BS BW CY FJ GB GY HK ID IE IN JM JP KE LK MO MT MU MV MW MY MZ NA NP NZ PK SG SR SZ TH TT TZ UG ZA ZM ZW`.split(` `));function Fi(e,t,n,r,i){let{hass:a}=e,o=r.body&&Object.hasOwn(d,r.body)?r.body:m(n.model,n.name),s=r.driver_side===`right`||r.driver_side!==`left`&&Pi.has(a.config.country??``),c=t.chargingState===`charging`&&!t.stale;return{body:o,paint:_i(r.paint),facing:s?`right`:`left`,label:Ii(t,o,c,i),parts:t.parts,windows:Li(e),tyres:Ri(e),plugged:t.plugged===!0,charging:c,lights:e.flag(`binary_sensor.lights`)===!0,moves:!t.stale}}function Ii(e,t,n,r){let i=[r(`option.body.${t}`),...e.open.map(e=>r(`open.${e}`))];if(e.open.length===0){let t=X.map(t=>e.parts[t]).some(e=>e===`closed`);i.push(r(t?`line.closed`:`line.doors_unknown`))}return n?i.push(r(`drawing.charging`)):e.plugged===!0&&i.push(r(`drawing.plugged`)),i.join(`, `)}function Li(e){let t={};for(let n of X){let r=e.number(`sensor.${n}_position`);typeof r==`number`&&(t[n]=r)}return t}function Ri(e){let t={},n=e.flag(`binary_sensor.tyre_problem`)===!0,r=Y.map(t=>e.number(`sensor.${t}`)),i=Math.max(...r.map(e=>e??0));for(let[a,o]of Y.entries()){if(!e.state(`sensor.${o}`))continue;let s=r[a],c=Ai(()=>e.text(`sensor.${o}`)??`–`);t[o.replace(`tyre_pressure_`,``)]={get text(){return c()},bad:n&&typeof s==`number`&&s<i*.88}}return t}function zi(e,t){let n=[];for(let r of[...X,`charge_flap`,`lights`])e.state(`binary_sensor.${r}`)&&n.push({part:r,label:Bi(e,r,t)});for(let r of Y){if(!e.state(`sensor.${r}`))continue;let i=`${t(`part.${r.replace(`_pressure`,``)}`)}: ${e.text(`sensor.${r}`)??t(`unknown`)}`;n.push({part:r.replace(`_pressure`,``),label:i})}return n}function Bi(e,t,n){let r=e.state(`binary_sensor.${t}`),i=e.flag(`binary_sensor.${t}`)===null?n(`unknown`):e.hass.formatEntityState(r);return`${n(`part.${t}`)}: ${i}`}function Vi(e,t){if(t.picture===`drawing`||t.picture===`none`)return null;let n=e.told(`image.picture`)?.attributes.entity_picture;return typeof n==`string`?n:null}var Hi=[`entities`,`devices`,`themes`,`locale`,`localize`,`formatEntityState`,`connected`,`config`,`user`],Ui=[[900,`panel`],[560,`wide`],[380,`full`],[300,`compact`]],Wi=500,Gi=250,Ki=class extends un{static{this.styles=[Dt,Wr]}static{this.properties={hass:{attribute:!1},layout:{attribute:!1},preview:{attribute:!1}}}constructor(){super(),this.announced=``,this.commands=new pn(this),this.view=null,this.shown=null,this.opened=null,this.exceptionsIn=null,this.saidRule=null,this.mapCard=null,this.pressed=null,this.held=!1,this.ticking=!1,this.tick=()=>this.requestUpdate(),this.observer=new ResizeObserver(([e])=>this.measured(e?.contentRect.width??0)),this.closeSheet=()=>{this.renderRoot.querySelector(`dialog`)?.close()},this.onClosed=()=>{this.renderRoot.querySelector(`dialog`)?.open||(this.shown=null,this.requestUpdate())},this.onSheetDown=e=>{this.pressed=e.target},this.onBackdrop=e=>{e.target===e.currentTarget&&this.pressed===e.target&&this.closeSheet()},this.onClick=e=>{e.detail<2||e.composedPath().some(e=>e instanceof Element&&e.matches(`.headline, .map`))||(e.stopPropagation(),e.preventDefault())},this.onPart=e=>{if(e instanceof KeyboardEvent&&e.key!==`Enter`&&e.key!==` `)return;let t=e.target.closest?.(`[data-part]`)?.getAttribute(`data-part`);if(!t||!this.view)return;let{car:n}=this.view,r=t.startsWith(`tyre_`)?`sensor.${t.replace(`tyre_`,`tyre_pressure_`)}`:null,i=r?n.id(r):n.id(`binary_sensor.${t}`);i&&(e.preventDefault(),this.info(i))},this.onDevice=e=>{e.ctrlKey||e.metaKey||e.button!==0||(e.preventDefault(),At(e.currentTarget.getAttribute(`href`)))},this.onRepairs=()=>At(this.view?.said.rule===2?`/config/integrations/integration/carport`:`/config/repairs`),this.onHeadline=e=>{let t=this.held&&e.detail>0;if(this.held=!1,t)return;let n=()=>{this.tapTimer=void 0,this.configured(this.config.tap_action??{action:`more`},`tap`)},r=this.config.double_tap_action;if(!r||r.action===`none`)return n();this.tapTimer===void 0?this.tapTimer=setTimeout(n,Gi):(clearTimeout(this.tapTimer),this.tapTimer=void 0,this.configured(r,`double_tap`))},this.onHeadlineDown=()=>{this.held=!1;let e=this.config.hold_action;e&&(this.holdTimer=setTimeout(()=>{this.held=!0,this.configured(e,`hold`)},Wi))},this.onHeadlineUp=()=>clearTimeout(this.holdTimer),this.addEventListener(`click`,this.onClick,{capture:!0})}static getConfigForm(){return ie(document.documentElement.lang||navigator.language)}static getStubConfig(e){return re(e)}setConfig(e){let t=ne(e);this.config&&this.config.device_id!==t.device_id&&this.forget(),this.config=t,this.requestUpdate()}forget(){this.commands=new pn(this),this.shown=null,this.saidRule=null}getCardSize(){let{layout:e}=this.config??{};return e===`strip`?2:e===`compact`?3:6}getGridOptions(){return this.config?.layout===`strip`?{columns:12,rows:2,min_columns:6}:{columns:12,rows:`auto`,min_columns:6}}connectedCallback(){super.connectedCallback(),this.observer.observe(this),en.add(this.tick),this.requestUpdate()}disconnectedCallback(){super.disconnectedCallback(),this.observer.disconnect(),en.delete(this.tick),this.pace(!1),clearTimeout(this.holdTimer),this.shown&&this.show(null)}shouldUpdate(e){if(!this.hass?.entities||!this.hass.devices||!this.config)return!1;let t=e.get(`hass`);if(this.asked||e.size!==1||!t||(this.mapCard&&(this.mapCard.hass=this.hass),Hi.some(e=>t[e]!==this.hass[e])))return!0;for(let e of r(this.hass,this.config.device_id).values())for(let n of e)if(t.states[n]!==this.hass.states[n])return!0;return!1}willUpdate(){let e=this.hass.locale?.language??this.hass.language;if(x(e)||b(e).then(()=>x(e)&&this.requestUpdate()),!this.room)return;let{config:t,hass:n}=this;this.view=ki(n,t,C(e),this.fitting(),Date.now(),{look:this.commands,forbidden:this.commands.forbidden,exceptions:this.exceptions}),(!this.view||qi(this.view))&&(this.shown=null),this.commands.heard(this.view?.command??null),this.pace(this.isConnected&&this.view?.said.rule===3&&this.view.phase===`running`),this.view?.phase===`failed`&&this.exceptionsIn!==e&&this.loadExceptions(e);let r=this.view&&`${this.view.said.rule}${this.view.said.key}`;r!==this.saidRule&&(this.announced=this.saidRule===null||!this.view?``:nn(this.view.speaker,this.view.said),this.saidRule=r)}render(){let{view:e,config:t,hass:n}=this;if(!this.room)return I`<ha-card class="empty"></ha-card>`;if(!e){let e=C(n.locale.language);return I`<ha-card><p class="gone">${J(`car`)}<span>${e(`device_gone`)}</span></p></ha-card>`}let r=qi(e);return r?I`<ha-card><p class="gone">${J(`car`)}<span>${r}</span></p></ha-card>`:I`<ha-card class=${t.layout??`auto`}>${jn(this,e)}</ha-card>${kr(this,e,this.shown)??R}`}updated(){let e=this.renderRoot.querySelector(`dialog`);if(e&&this.shown!==this.opened&&e.showModal(),this.opened=e&&this.shown,!this.view)return;let{view:t}=this;Et(this.renderRoot,t.drawn,()=>t.parts)}fitting(){let e=this.config.layout??`auto`;return e===`auto`?this.room:e}measured(e){if(e===0)return;let t=Ui.find(([t])=>e>=t)?.[1]??`strip`;t!==this.room&&(this.room=t,this.requestUpdate())}pace(e){e!==this.ticking&&(this.ticking=e,e?tn.add(this.tick):tn.delete(this.tick))}async loadExceptions(e){this.exceptionsIn=e;try{let t=await this.hass.loadBackendTranslation(`exceptions`,`carport`);if(this.exceptionsIn!==e)return;this.exceptions=t}catch{this.exceptionsIn=null;return}this.requestUpdate()}open(e){this.commands.limitDraft=null,this.show({kind:e})}show(e){this.renderRoot?.querySelector(`dialog`)?.close(),this.shown=this.isConnected?e:null,this.requestUpdate()}info(e){this.show(null),kt(this,`hass-more-info`,{entityId:e})}onLine(e){e.sheet?this.open(e.sheet):e.entity&&this.info(e.entity)}leads({said:e,car:t}){let{action:n}=e;return n===`health`?t.id(`sensor.health`)!==void 0:n===`receipt`||n===`parts`||n===`place`}follow({said:e,car:t}){e.action===`health`?this.info(t.id(`sensor.health`)):(e.action===`receipt`||e.action===`parts`||e.action===`place`)&&this.open(e.action)}configured(e,t){e.action===`more`?this.open(`more`):e.action!==`none`&&kt(this,`hass-action`,{config:{entity:this.view?.headline?.entity,...this.config,[`${t}_action`]:e},action:t})}map(){let e=this.view?.car.id(`device_tracker.location`);return e!==this.mapped&&(this.mapped=e,this.mapCard=null,e&&this.makeMap(e)),I`<div class="map">${this.mapCard??R}</div>`}async makeMap(e){let t=await Ot();if(this.mapped!==e)return;if(!t){this.mapped=void 0;return}let n=t.createCardElement({type:`map`,entities:[e],default_zoom:15,aspect_ratio:`16:10`,theme_mode:`auto`});this.hass&&(n.hass=this.hass),this.mapCard=n,this.requestUpdate()}};function qi({device:e,name:t,words:n}){return o(e)?e.disabled_by?n(`device_disabled`,{name:t}):null:n(`no_car`,{name:s(e)})}var Ji=`carport-history-card`,Yi={trips:{service:`get_trips`,answer:`trips`},charges:{service:`get_charge_sessions`,answer:`charge_sessions`}},Xi=12,Zi=1.609344,Qi=class extends un{constructor(...e){super(...e),this.deviceId=``,this.asking=null,this.said=null}static{this.properties={hass:{attribute:!1}}}static{this.styles=j`
    ha-card {
      display: block;
      padding: 12px 16px;
      font-size: var(--ha-font-size-m, 14px);
    }
    .choice {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    button {
      font: inherit;
      font-weight: 500;
      color: inherit;
      display: flex;
      align-items: center;
      gap: 8px;
      flex: 1 1 140px;
      min-block-size: 44px;
      padding: 4px 12px;
      border: none;
      border-radius: 12px;
      background: color-mix(in srgb, var(--primary-text-color, #141414) 8%, transparent);
      cursor: pointer;
    }
    button:focus-visible {
      outline: 2px solid var(--primary-color, #009ac7);
      outline-offset: 2px;
    }
    button[aria-pressed="true"] {
      background: color-mix(in srgb, var(--primary-text-color, #141414) 16%, transparent);
    }
    .icon {
      inline-size: 20px;
      block-size: 20px;
      fill: currentColor;
      flex: none;
    }
    table {
      inline-size: 100%;
      border-collapse: collapse;
      margin-block-start: 8px;
      font-variant-numeric: tabular-nums;
    }
    td {
      padding: 6px 0;
      text-align: end;
      color: var(--secondary-text-color, #5e5e5e);
    }
    th {
      padding: 6px 0;
      text-align: start;
      font-weight: 500;
    }
    tr + tr {
      border-block-start: 1px solid color-mix(in srgb, var(--primary-text-color, #141414) 10%, transparent);
    }
    p {
      margin: 10px 0 0;
      color: var(--secondary-text-color, #5e5e5e);
    }
  `}setConfig(e){if(typeof e.device_id!=`string`)throw Error(`device_id is missing: choose a car`);e.device_id!==this.deviceId&&(this.deviceId=e.device_id,this.asking=null,this.said=null,this.requestUpdate())}getCardSize(){return 3}getGridOptions(){return{columns:12,rows:`auto`,min_columns:6}}shouldUpdate(e){let t=e.get(`hass`);return this.asked||!t||t.locale!==this.hass?.locale}willUpdate(){let e=this.hass?.locale.language??`en`;x(e)||b(e).then(()=>x(e)&&this.requestUpdate())}render(){if(!this.hass)return R;let e=C(this.hass.locale.language);return I`<ha-card>
      <div class="choice">
        ${[`trips`,`charges`].map(t=>I`<button
              type="button"
              data-list=${t}
              aria-pressed=${this.said?.list===t?`true`:`false`}
              @click=${()=>void this.ask(t)}
            >
              ${J(t===`trips`?`drive`:`battery`)}${e(`history.${t}`)}
            </button>`)}
      </div>
      <div aria-live="polite">${this.asking?I`<p>${e(`history.asking`)}</p>`:this.answer()}</div>
    </ha-card>`}answer(){let{said:e,hass:t}=this;if(!e||!t)return R;let n=C(t.locale.language);if(`problem`in e)return I`<p>${e.problem}</p>`;if(e.rows.length===0)return I`<p>${n(`history.none`)}</p>`;let r=e.list===`trips`?ta:na;return I`<table>
      ${e.rows.slice(0,Xi).map(e=>{let n=u(e.ended_at)??u(e.started_at);return I`<tr>
          <th scope="row">${n===null?`–`:G(t,n,Date.now())}</th>
          ${r(t,e).map(e=>I`<td>${e}</td>`)}
        </tr>`})}
    </table>`}async ask(e){if(this.asking)return;this.asking=e,this.requestUpdate();let{service:t,answer:n}=Yi[e],r=this.deviceId,i;try{let{response:a}=await this.hass.callService(`carport`,t,{device_id:[r]},void 0,!1,!0);i={list:e,rows:a?.[r]?.[n]??[]}}catch(t){i={list:e,problem:await ln(this.hass,t)}}r===this.deviceId&&(this.said=i,this.asking=null,this.requestUpdate())}},$=e=>typeof e==`number`;function $i(e,t){if(!$(t))return`–`;let n=e.config.unit_system.length===`mi`,r=n?`mile`:`kilometer`;return Kt(e,n?t/Zi:t,{style:`unit`,unit:r,maximumFractionDigits:0})}var ea=(e,t,n,r)=>$(t)?`${Kt(e,t,{maximumFractionDigits:r})}\u00a0${n}`:`–`;function ta(e,t){let n=$(t.consumption_fuel)&&!$(t.consumption_electric);return[$i(e,t.distance),$(t.duration)?Kt(e,t.duration,{style:`unit`,unit:`minute`,maximumFractionDigits:0}):`–`,n?ea(e,t.consumption_fuel,`l/100 km`,1):ea(e,t.consumption_electric,`kWh/100 km`,1)]}function na(e,t){let[n,r]=[t.level_start,t.level_end].map(t=>$(t)?K(e,t):`–`);return[`${n} → ${r}`,ea(e,t.energy,`kWh`,1)]}var ra=e=>e.map(e=>`binary_sensor.${e}`),ia=e=>e.map(e=>`sensor.${e}`),aa=[{title:`strategy.controls`,icon:`mdi:gesture-tap-button`,keys:[`lock.doors`,`climate.climate`,`switch.charge_control`,`switch.defrost`,`switch.window_heating`,`switch.auxiliary_heating`,`switch.ventilation`,`button.refresh`,`button.flash`,`button.honk_flash`,`button.honk`,`button.wake`]},{title:`strategy.charging`,icon:`mdi:ev-station`,keys:[...ia([`charging_state`,`battery_level`,`charging_power`,`charge_complete_at`,`charging_speed`,`energy_charged`,`energy_charged_home`,`energy_charged_away`,`charge_cost`,`battery_energy`]),`number.charge_limit`,`number.charge_limit_min`,`select.charge_mode`,`select.max_charge_current_word`,`number.max_charge_current`,...ra([`plugged_in`,`charging`,`plug_locked`,`charge_flap`,`charging_problem`]),`switch.auto_unlock_plug`]},{title:`strategy.doors`,icon:`mdi:car-door`,keys:ra([`locked`,`unsecured`,`doors_open`,`windows_open`,...X,`lights`,`parking_light_left`,`parking_light_right`])},{title:`strategy.climate`,icon:`mdi:thermometer`,keys:[...ia([`inside_temperature`,`outside_temperature`,`climate_until`,`climate_starts_at`]),...ra([`climate_active`,`climate_scheduled`]),`switch.climate_on_battery`]},{title:`strategy.timers`,icon:`mdi:calendar-clock`,keys:[`switch.timers`,`switch.timer`,`time.timer_time`]},{title:`strategy.driving`,icon:`mdi:road-variant`,keys:[`device_tracker.location`,...ia([`parked_at`,`odometer`,`range_total`,`range_electric`,`range_fuel`,`fuel_level`,`fuel_volume`,`speed`,`consumption_electric`,`consumption_fuel`,`last_trip_distance`,`last_trip_duration`,`last_trip_consumption_electric`,`last_trip_consumption_fuel`,`last_trip_ended_at`]),...ra([`ignition`,`moving`])]},{title:`strategy.health`,icon:`mdi:car-wrench`,keys:[...ia([`health`,`warning_lights`,`service_due_distance`,`service_due_on`,`inspection_due_on`,`inspection_due_distance`,`oil_service_due_distance`,`oil_service_due_on`,`oil_level`,`battery_12v_voltage`,...Y]),...ra([`tyre_problem`,`battery_12v_low`])]},{title:`strategy.data`,icon:`mdi:cloud-check-outline`,keys:[`image.picture`,...ia([`channel`,`captured_at`,`data_age`]),`binary_sensor.data_stale`,`event.last_command`,`select.poll_profile`]}];function oa(e,t,n){let i=r(e,t),a=new Set(i.get(`calendar.schedule`)),o=[];for(let{title:t,icon:r,keys:s}of aa){let c=s.flatMap(e=>i.get(e)??[]).filter(t=>ca(e,t)&&!a.has(t));c.sort((t,n)=>sa(e,t)-sa(e,n));for(let e of c)a.add(e);c.length>0&&o.push({title:n(t),icon:r,entities:c})}let s=Object.values(e.entities).filter(({device_id:n,entity_id:r})=>n===t&&!a.has(r)&&ca(e,r)).map(({entity_id:e})=>e).sort();return s.length>0&&o.push({title:n(`strategy.rest`),icon:`mdi:dots-horizontal`,entities:s}),o}var sa=(e,t)=>Number(e.states[t]?.attributes.number??0),ca=(e,t)=>e.entities[t]?.hidden!==!0&&e.states[t]!==void 0,la=/* @__PURE__ */ new Set([`button.honk`,`button.honk_flash`,`button.wake`]),ua={"lock.doors":[{type:`lock-commands`}],"climate.climate":[{type:`climate-hvac-modes`},{type:`target-temperature`}],"number.charge_limit":[{type:`numeric-input`,style:`slider`}]};function da(e,t){return{type:`grid`,cards:[{type:`heading`,heading:t.title,icon:t.icon,heading_style:`title`},...t.entities.map(t=>fa(e,t))]}}function fa(e,t){let n=`${t.split(`.`)[0]}.${e.entities[t]?.translation_key??``}`,r=ua[n],i={type:`entity`};if(n.startsWith(`button.`)){let e={action:`perform-action`,perform_action:`button.press`,target:{entity_id:t},...la.has(n)?{confirmation:!0}:{}};return{type:`tile`,entity:t,name:i,hide_state:!0,tap_action:e,icon_tap_action:e,grid_options:{columns:6}}}return r?{type:`tile`,entity:t,name:i,features:r,grid_options:{columns:12}}:{type:`tile`,entity:t,name:i,grid_options:{columns:6}}}function pa(e,t){return Object.values(e.devices).filter(e=>e.entry_type===`service`&&e.config_entry_id===t.config_entry_id&&!o(e)).map(t=>({title:s(t),icon:`mdi:account-key-outline`,entities:[...r(e,t.id).values()].flat().filter(t=>ca(e,t))})).filter(({entities:e})=>e.length>0)}function ma(e,t,n,i){let a=r(e,t.id),o=[`sensor.battery_level`,`sensor.fuel_level`,`sensor.range_total`].flatMap(e=>a.get(e)??[]),s=a.get(`calendar.schedule`)?.[0],c=[{type:`grid`,column_span:i,cards:[{type:E,device_id:t.id,grid_options:{columns:`full`,rows:`auto`}}]}];o.length>0&&c.push({type:`grid`,cards:[{type:`heading`,heading:n(`strategy.energy`),icon:`mdi:chart-line`,heading_style:`title`},{type:`history-graph`,hours_to_show:72,entities:o.map(e=>({entity:e})),grid_options:{columns:12}},...s?[{type:`calendar`,entities:[s],initial_view:`listWeek`,grid_options:{columns:12}}]:[]]});let l=a.get(`event.last_command`)?.[0];c.push({type:`grid`,cards:[{type:`heading`,heading:n(`strategy.history`),icon:`mdi:history`,heading_style:`title`},{type:`custom:${Ji}`,device_id:t.id},...l&&e.config.components?.includes(`logbook`)?[{type:`logbook`,target:{entity_id:[l]},hours_to_show:168,grid_options:{columns:12,rows:4}}]:[]]});let u=[...oa(e,t.id,n),...pa(e,t)];return[...c,...u.map(t=>da(e,t))]}var ha=5,ga=15,_a=class extends HTMLElement{static{this.registryDependencies=[`entities`,`devices`,`areas`]}static async generate(e,t){let n=await ba(t),i=xa(t,e),a=[wa(t,i,n)],o=i.flatMap(e=>r(t,e.id).get(`device_tracker.location`)??[]);return o.length>0&&e.map!==!1&&a.push({title:n(`strategy.map`),path:`map`,icon:`mdi:map`,type:`panel`,cards:[{type:`map`,entities:o,auto_fit:!0,theme_mode:`auto`}]}),{title:n(`strategy.title`),views:[...a,...i.map(Ca)]}}static getCreateSuggestions(e){return{title:C(e.locale.language)(`strategy.title`),icon:`mdi:car-multiple`}}static getConfigElement(){return document.createElement(`carport-dashboard-editor`)}},va=class extends HTMLElement{static{this.registryDependencies=[`entities`,`devices`]}static async generate(e,t){let n=await ba(t),r=t.devices[e.device_id];return r?{type:`sections`,max_columns:3,sections:ma(t,r,n,3)}:ka(n)}},ya=class extends HTMLElement{static{this.registryDependencies=[`entities`,`devices`]}static async generate(e,t){let n=await ba(t),r=t.devices[e.device_id];return r?{type:`grid`,cards:ma(t,r,n,1).flatMap(({cards:e})=>e)}:{type:`grid`,cards:[Oa(n)]}}static getStubConfig(e){return{device_id:a(e)[0]?.id}}};async function ba(e){return await b(e.locale.language),C(e.locale.language)}function xa(e,t){let n=t.exclude??[],r=t.order??[],i=({id:e})=>r.includes(e)?r.indexOf(e):r.length;return a(e).filter(({id:e,disabled_by:t})=>!n.includes(e)&&!t).sort((e,t)=>i(e)-i(t)||s(e).localeCompare(s(t)))}var Sa=e=>`car-${e.id}`,Ca=e=>({title:s(e),path:Sa(e),subview:!0,strategy:{type:`custom:carport-car`,device_id:e.id}});function wa(e,t,n){let r={title:n(`strategy.title`),path:`cars`,icon:`mdi:car-multiple`,type:`sections`};return t.length===0?{...r,...ka(n)}:{...r,max_columns:4,badges:t.flatMap(t=>Da(e,t)),sections:Ta(e,t).map(({title:e,devices:n})=>({type:`grid`,cards:[...e?[{type:`heading`,heading:e,icon:`mdi:garage-variant`,heading_style:`title`}]:[],...n.map(e=>Ea(e,t.length>=ha))]}))}}function Ta(e,t){let n=[];for(let r of t){let t=r.area_id&&e.areas?.[r.area_id]?.name||``,i=t&&n.find(e=>e.title===t);i?i.devices.push(r):n.push({title:t,devices:[r]})}return n}function Ea(e,t){let[,n]=location.pathname.split(`/`);return{type:E,device_id:e.id,...t?{layout:`compact`}:{},tap_action:{action:`navigate`,navigation_path:`/${n}/${Sa(e)}`}}}function Da(e,t){let n=r(e,t.id),i=(e,t,r)=>(n.get(e)??[]).map(e=>({type:`entity`,entity:e,name:[{type:`device`},{type:`entity`}],show_name:!0,color:r,visibility:[{entity:e,...t}]}));return[...i(`binary_sensor.unsecured`,{condition:`state`,state:`on`},`red`),...i(`sensor.channel`,{condition:`state`,state:`needs_owner`},`orange`),...i(`sensor.battery_level`,{condition:`numeric_state`,below:ga},`orange`)]}var Oa=e=>({type:`markdown`,content:e(`strategy.no_cars`)}),ka=e=>({type:`sections`,sections:[{type:`grid`,cards:[Oa(e)]}]}),Aa={device:{multiple:!0,filter:[{integration:e}]}},ja=[{name:`order`,selector:Aa},{name:`exclude`,selector:Aa},{name:`map`,default:!0,selector:{boolean:{}}}],Ma=class extends HTMLElement{set hass(e){this.home=e,this.show()}setConfig(e){this.config=e,this.show()}show(){if(!this.home||!this.config)return;this.form||(this.form=document.createElement(`ha-form`),this.form.schema=ja,this.form.addEventListener(`value-changed`,e=>{e.stopPropagation(),kt(this,`config-changed`,{config:e.detail.value})}),this.append(this.form));let e=C(this.home.locale.language);this.form.computeLabel=({name:t})=>e(`strategy.option.${t}`),this.form.hass=this.home,this.form.data={map:!0,...this.config}}},Na=()=>C(document.documentElement.lang||navigator.language);function Pa(e){e(`ll-strategy-dashboard-carport`,_a),e(`ll-strategy-view-carport-car`,va),e(`ll-strategy-section-carport-car`,ya),e(`carport-dashboard-editor`,Ma),(window.customStrategies??=[]).push({type:`carport`,strategyType:`dashboard`,get name(){return`Carport: ${Na()(`strategy.name`)}`},get description(){return Na()(`strategy.description`)},documentationURL:ae},{type:`carport-car`,strategyType:`section`,get name(){return`Carport: ${Na()(`strategy.section`)}`},get description(){return Na()(`strategy.section`)},documentationURL:ae})}function Fa(e,t){customElements.get(e)||customElements.define(e,t)}Fa(T,Ki),Fa(Ji,Qi),(window.customCards??=[]).push(se),Pa(Fa);