//! What inspecting a file can find: why it is refused, what a reviewer should know, and how far a virus scanner is with it.

use super::closed::closed_list;

closed_list! {
    /// Why a file is not taken. The partner is told at once, and nothing of its bytes is kept.
    FileRefusal {
        /// There are no bytes.
        Empty = "FILE_EMPTY",
        /// There are more bytes than a file may have.
        TooLarge = "FILE_TOO_LARGE",
        /// The content is of no type that may prove execution.
        TypeNotAllowed = "FILE_TYPE_NOT_ALLOWED",
        /// The content is of a type that may prove execution, but the name says another.
        ExtensionMismatch = "FILE_EXTENSION_MISMATCH",
        /// An archive, whatever its name says.
        IsArchive = "FILE_IS_ARCHIVE",
        /// Unpacked, it is out of all proportion: a bomb.
        ExpandsTooMuch = "FILE_EXPANDS_TOO_MUCH",
        /// It is packed in a way that means harm: names that lead out of it, links, parts that overlap or bear the same name.
        UnsafeParts = "FILE_UNSAFE_PARTS",
        /// It can be read as two types.
        Polyglot = "FILE_POLYGLOT",
        /// It needs a password, so that nobody can look inside.
        Encrypted = "FILE_ENCRYPTED",
        /// Its structure is broken.
        Broken = "FILE_BROKEN",
        /// The image has no points, or more than a viewer can be asked to show.
        ImageDimensions = "FILE_IMAGE_DIMENSIONS",
        /// The virus scanner found something.
        Infected = "FILE_INFECTED",
    }
}

closed_list! {
    /// What a reviewer should know about a file before opening it. It is taken all the same.
    FileFlag {
        /// Macros are inside.
        Macros = "MACROS",
        /// A script is inside.
        JavaScript = "JAVASCRIPT",
        /// It would start a program.
        LaunchAction = "LAUNCH_ACTION",
        /// Other files are inside, or attached.
        EmbeddedFiles = "EMBEDDED_FILES",
        /// It would fetch something from elsewhere when opened.
        ExternalContent = "EXTERNAL_CONTENT",
        /// It is encrypted: a password may be needed.
        Encrypted = "ENCRYPTED",
        /// Bytes follow its end.
        TrailingData = "TRAILING_DATA",
        /// Its end is missing: it may have been cut off.
        Incomplete = "INCOMPLETE",
        /// Cells would become formulas in a spreadsheet program.
        Formulas = "FORMULAS",
        /// The name has a second extension before its last.
        DoubleExtension = "DOUBLE_EXTENSION",
        /// The sender declared another type than the content has.
        DeclaredTypeDiffers = "DECLARED_TYPE_DIFFERS",
    }
}

closed_list! {
    /// How far a virus scanner is with a file.
    ScanState {
        /// No scanner has seen it: none was configured when it came.
        NotScanned = "NOT_SCANNED",
        /// It waits for a verdict; until then nobody can open it.
        Pending = "PENDING",
        /// The scanner knows nothing bad of it.
        Clean = "CLEAN",
        /// The scanner found something; nobody can open it.
        Infected = "INFECTED",
    }
}

impl ScanState {
    /// Whether the file may be opened.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotScanned | Self::Clean)
    }
}
