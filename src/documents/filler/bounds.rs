//! How long a tag and how deep a template may be.
//!
//! The engine goes into an expression once for each operator, and into a block once for each block around it,
//! on the stack of its thread: a few thousand `not` would end the program. So both are counted first, in the
//! tokens the engine itself will see, and what is within these bounds fits a stack of [`STACK`] many times over.

use minijinja::machinery::{Token, tokenize};

use super::error::{FillError, TagFault};
use super::near::paragraph_around;

/// The most words and signs of one tag. The longest of the built-in templates has about twenty.
pub(super) const MAX_TOKENS: usize = 200;
/// The most blocks within one another; an `elif` counts as one more, as it does for the engine.
pub(super) const MAX_DEPTH: usize = 100;
/// The most `set` of a part: each can wrap a value once more, and a value is dropped layer by layer.
pub(super) const MAX_SETS: usize = 1000;
/// The stack of the thread the engine works on, in bytes.
const STACK: usize = 16 * 1024 * 1024;

/// Runs the engine on a stack that is large enough for all that [`check`] lets through.
///
/// # Errors
/// What `f` returns, or that there is no thread to be had.
pub(super) fn on_own_stack<T: Send>(f: impl FnOnce() -> Result<T, FillError> + Send) -> Result<T, FillError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, f);
        let thread = thread.map_err(|it| FillError::Busy(it.to_string()))?;
        // What the engine cannot do with a template is a fault of the template, not of the program.
        thread.join().unwrap_or(Err(FillError::BeyondEngine))
    })
}

/// Whether a part is within the bounds.
///
/// # Errors
/// [`FillError::Tag`] with the paragraph that is beyond them.
pub(super) fn check(part: &str, source: &str) -> Result<(), FillError> {
    let mut n_tokens = 0_usize;
    let mut n_sets = 0_usize;
    // The open blocks, and how deep each is in itself.
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut is_block = false;
    let mut keyword = "";
    // Of a `set`: whether it is followed by its value, or encloses it.
    let mut has_value = None;
    for token in tokenize(source, false, Default::default()) {
        // The engine stops here as well, and says why.
        let Ok((token, span)) = token else { return Ok(()) };
        let refuse = |fault: TagFault| {
            let at = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
            let near = paragraph_around(source, at(span.start_offset), at(span.end_offset));
            Err(FillError::Tag { part: part.to_owned(), fault, near })
        };
        n_tokens = n_tokens.saturating_add(1);
        match &token {
            Token::TemplateData(_) | Token::VariableStart | Token::BlockStart => {
                (n_tokens, keyword, has_value) = (0, "", None);
                is_block = matches!(token, Token::BlockStart);
            }
            Token::Assign | Token::Pipe if has_value.is_none() => {
                has_value = Some(matches!(token, Token::Assign));
            }
            Token::Ident(name) if is_block && n_tokens == 1 => {
                keyword = name;
                match *name {
                    "elif" => open.iter_mut().rev().take(1).for_each(|it| it.1 += 1),
                    "set" => n_sets += 1,
                    "for" | "if" | "with" | "filter" | "autoescape" => open.push((name, 1)),
                    _ => {
                        let ended = name.strip_prefix("end");
                        open.pop_if(|(keyword, _)| ended == Some(*keyword));
                    }
                }
            }
            // A block that is kept under a name.
            Token::BlockEnd if keyword == "set" && has_value != Some(true) => open.push((keyword, 1)),
            _ => {}
        }
        if MAX_TOKENS < n_tokens {
            return refuse(TagFault::LongTag { limit: MAX_TOKENS });
        }
        if MAX_DEPTH < open.iter().map(|it| it.1).sum::<usize>() {
            return refuse(TagFault::Deep { limit: MAX_DEPTH });
        }
        if MAX_SETS < n_sets {
            return refuse(TagFault::ManySets { limit: MAX_SETS });
        }
    }
    Ok(())
}
