//! The parts of the page that come several times or not always.

pub(super) const AGREE: &str = r#"<section class="agree" aria-labelledby="agree">
<h2 id="agree">{{agree_title}}</h2>
<p>{{agree_text}}</p>
</section>
"#;

pub(super) const LOCATION: &str = r"<div><dt>{{location_label}}</dt><dd>{{name}} <span class='id'>(MPN {{mpn_id}})</span></dd></div>
";

pub(super) const PRODUCT: &str = r#"<li><strong>{{name}}</strong>
<span>{{activities}}</span>
{{subscribed}}<span>{{since}}</span></li>
"#;

pub(super) const SUBSCRIBED: &str = r#"<span class="id">{{subscription}}</span>
"#;

pub(super) const SEES: &str = r#"<section aria-labelledby="sees">
<h2 id="sees">{{sees_title}}</h2>
<ul class="sees">
<li>{{sees_1}}</li>
<li>{{sees_2}}</li>
<li class="not">{{sees_not}}</li>
</ul>
</section>
"#;

pub(super) const DECLINE: &str = r#"<section aria-labelledby="decline">
<h2 id="decline">{{decline_title}}</h2>
<p>{{decline_text}}</p>
<form method="post">
<input type="hidden" name="step" value="ask">
{{wrong}}<label for="reason">{{reason_label}}</label>
<p class="hint" id="reason-hint">{{reason_hint}}</p>
<textarea id="reason" name="reason" rows="3" maxlength="{{limit}}" aria-describedby="reason-hint{{described}}">{{reason}}</textarea>
<button type="submit" class="quiet">{{decline_button}}</button>
</form>
</section>
"#;

pub(super) const WRONG: &str = r#"<p class="wrong" id="reason-wrong" role="alert">{{reason_wrong}}</p>
"#;

pub(super) const CONFIRM: &str = r#"<div class="head warn">
<p class="reference">{{reference}}</p>
<h1>{{confirm_title}}</h1>
<ul>
<li>{{confirm_1}}</li>
<li>{{confirm_2}}</li>
<li>{{confirm_3}}</li>
<li>{{confirm_4}}</li>
</ul>
{{quoted}}<form method="post" class="choice">
<input type="hidden" name="step" value="decline">
<input type="hidden" name="reason" value="{{reason}}">
<button type="submit" class="danger">{{confirm_button}}</button>
<a class="button" href="?lang={{lang}}">{{back}}</a>
</form>
</div>
"#;

pub(super) const QUOTED: &str = r#"<h2 class="small">{{your_reason}}</h2>
<blockquote>{{reason}}</blockquote>
"#;

pub(super) const OTHERS: &str = r#"<table>
<thead><tr><th scope="col">{{other_partner}}</th><th scope="col">{{other_product}}</th><th scope="col">{{other_since}}</th></tr></thead>
<tbody>
{{rows}}</tbody>
</table>
"#;

pub(super) const OTHER: &str = r#"<tr><td data-label="{{other_partner}}">{{name}}</td><td data-label="{{other_product}}">{{product}}</td><td data-label="{{other_since}}">{{day}}</td></tr>
"#;

pub(super) const NOTE: &str = r#"<div class="head {{tone}}">
<h1>{{headline}}</h1>
<p class="lead">{{lead}}</p>
</div>
"#;
