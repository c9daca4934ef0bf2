//! Makes one file of several JavaScript modules: what browsers fetch should be one request and few bytes.
//!
//! The modules stay readable; here their imports and comments go, and the blanks between signs. Names and texts stay as
//! they are, so that what runs can still be compared with what was written. Modules are put together in the order in
//! which they need each other and share one scope, so no name may stand twice at their top.

/// Signs of JavaScript beside which a blank means nothing. Not `+`, `-` and `/`: `a + +b` is another thing than `a++b`.
const SIGNS: &str = "{}()[];,:?=<>&|!.";

/// The same for CSS: before `:` and `(` a blank means something there, and so it does around `+` in a sum.
const CSS_SIGNS: &str = "{};>";
const CSS_SIGNS_AFTER: &str = "{};,:>";

/// One module from several. Statements end with semicolons, comments have lines of their own.
pub(super) fn bundle(modules: &[&str]) -> String {
    modules.iter().map(|module| squeezed(&without_comments(module), SIGNS, SIGNS)).collect::<Vec<_>>().join("\n")
}

/// A style sheet as a JavaScript constant.
pub(super) fn style_constant(name: &str, css: &str) -> String {
    let css = squeezed(&without_comments(css), CSS_SIGNS, CSS_SIGNS_AFTER);
    format!("const {name}={};", serde_json::Value::String(css))
}

/// Without lines of comments, imports and `export`.
fn without_comments(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut in_comment = false;
    for line in source.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.contains("*/");
            continue;
        }
        if line.starts_with("//") || line.starts_with("import ") {
            continue;
        }
        text.push_str(line.strip_prefix("export ").unwrap_or(line));
        text.push('\n');
    }
    text
}

/// Without blanks before and after these signs; what is in quotation marks stays as it is.
fn squeezed(source: &str, before: &str, after: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source.trim().chars().peekable();
    let mut quote = None;
    while let Some(sign) = rest.next() {
        match quote {
            Some(_) if sign == '\\' => {
                text.push(sign);
                text.extend(rest.next());
            }
            Some(end) => {
                text.push(sign);
                quote = Some(end).filter(|end| *end != sign);
            }
            None if sign.is_whitespace() => {
                let mut blank = sign;
                while let Some(more) = rest.next_if(|next| next.is_whitespace()) {
                    blank = if more == '\n' { more } else { blank };
                }
                let needless = text.ends_with(|last| after.contains(last))
                    || rest.peek().is_some_and(|next| before.contains(*next));
                if !needless {
                    text.push(blank);
                }
            }
            None => {
                text.push(sign);
                quote = Some(sign).filter(|sign| matches!(sign, '"' | '\'' | '`'));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(bundle(&[source]), expected);
    }

    #[test]
    fn blanks_and_comments_go_and_meaning_stays() {
        check(
            "/** One.\n * Two. */\nconst a = 1;\n\n// Three.\nconst b = (a) => {\n  return a;\n};",
            "const a=1;const b=(a)=>{return a;};",
        );
        check("import { a } from \"./a.js\";\nexport function b() {}", "function b(){}");
        check("a = b + +c - -d;", "a=b + +c - -d;");
        check(
            "f(\"a , b\", 'c ; d', `e { ${g} } f`, \"\\\" ; \");",
            "f(\"a , b\",'c ; d',`e { ${g} } f`,\"\\\" ; \");",
        );
        check("else\nif", "else\nif");
    }

    #[test]
    fn a_style_keeps_the_blanks_that_mean_something() {
        let css = "/* One. */\n.a .b, .c > .d {\n  width: calc(1em + 2px);\n  content: \" (\";\n}\n@media (print) { a:hover { top: 0; } }";
        let expected = ".a .b,.c>.d{width:calc(1em + 2px);content:\" (\";}@media (print){a:hover{top:0;}}";
        assert_eq!(style_constant("S", css), format!("const S={};", serde_json::Value::String(expected.into())));
    }
}
