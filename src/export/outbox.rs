//! Files that appear all at once, or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::ExportError;

/// Files written beside their places and moved there together.
#[derive(Debug)]
pub struct Outbox {
    folder: PathBuf,
    staged: Vec<Staged>,
    cleared: Vec<Cleared>,
    /// Files that were read for what is written here, as the system knows them.
    kept: Vec<PathBuf>,
}

/// A folder that is to hold no file of an earlier run.
#[derive(Debug)]
struct Cleared {
    folder: PathBuf,
    is_own: fn(&str) -> bool,
}

/// A file that is not yet in its place. Dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    file: PathBuf,
    temporary: BufWriter<NamedTempFile>,
}

impl Outbox {
    /// Opens a folder for writing, making it if it is not there.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when it cannot be made.
    pub fn open(folder: &Path) -> Result<Self, ExportError> {
        fs::create_dir_all(folder).map_err(|source| ExportError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        Ok(Outbox {
            folder: folder.to_owned(),
            staged: Vec::new(),
            cleared: Vec::new(),
            kept: Vec::new(),
        })
    }

    /// Has [`Outbox::commit`] replace none of these: what a run reads is not its to write.
    pub fn keep(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        // What is not there cannot be replaced.
        self.kept
            .extend(files.into_iter().filter_map(|file| file.canonicalize().ok()));
    }

    /// Takes a file that was begun elsewhere, to be moved into its place with the others.
    ///
    /// # Errors
    /// [`ExportError::File`] when its last bytes are not taken.
    pub(super) fn adopt(&mut self, staged: Staged) -> Result<(), ExportError> {
        let mut staged = staged.move_to(&self.folder)?;
        if let Err(error) = staged.flush() {
            return Err(WriteError::from(error).at(&staged.file));
        }
        self.staged.push(staged);
        Ok(())
    }

    /// Where the bytes of a file are that waits for [`Outbox::commit`].
    pub(super) fn waiting(&self, name: &str) -> Option<&Path> {
        let place = self.folder.join(name);
        let staged = self.staged.iter().find(|staged| staged.file == place)?;
        Some(staged.temporary.get_ref().path())
    }

    /// Writes a file of the given name, which may have a folder before it (`figures/bars.svg`), to be moved into its place by [`Outbox::commit`].
    ///
    /// # Errors
    /// [`ExportError`] when the folder does not take files, or the writing fails.
    pub fn write(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
    ) -> Result<(), ExportError> {
        if let Some(below) = Path::new(name).parent().filter(|p| !p.as_os_str().is_empty()) {
            let folder = self.folder.join(below);
            fs::create_dir_all(&folder).map_err(|source| ExportError::Folder { folder, source })?;
        }
        let mut staged = Staged::create(&self.folder, name)?;
        write(&mut staged.temporary).map_err(|error| error.at(&staged.file))?;
        self.staged.push(staged);
        Ok(())
    }

    /// Lets [`Outbox::commit`] remove what an earlier run left in a folder below and this one does not replace.
    ///
    /// # Arguments
    /// * `is_own` - whether a file of that name is of a run's making: all others stay.
    pub fn clear(&mut self, below: &str, is_own: fn(&str) -> bool) {
        self.cleared.push(Cleared {
            folder: self.folder.join(below),
            is_own,
        });
    }

    /// Moves every file to its place, replacing what stood there.
    ///
    /// All of them reach the disk, and all places are looked at, before the first is moved: what is left to fail is a
    /// rename.
    ///
    /// # Errors
    /// [`ExportError::Input`] or [`ExportError::File`] naming the first file that could not be put in its place; those
    /// after it are not moved.
    pub fn commit(self) -> Result<(), ExportError> {
        for staged in &self.staged {
            self.may_replace(&staged.file)?;
        }
        let synced: Vec<_> = self
            .staged
            .into_iter()
            .map(Staged::sync)
            .collect::<Result<_, _>>()?;
        let places: Vec<PathBuf> = synced.iter().map(|file| file.file.clone()).collect();
        for file in synced {
            file.place()?;
        }
        for cleared in &self.cleared {
            cleared.remove_all_but(&places)?;
        }
        sync_folder(&self.folder);
        Ok(())
    }

    fn may_replace(&self, place: &Path) -> Result<(), ExportError> {
        let file = place.to_owned();
        if place.canonicalize().is_ok_and(|place| self.kept.contains(&place)) {
            return Err(ExportError::Input { file });
        }
        if place.is_dir() {
            let source = io::ErrorKind::IsADirectory.into();
            return Err(ExportError::File { file, source });
        }
        // A file that a spreadsheet has open cannot be replaced there.
        #[cfg(windows)]
        if place.is_file() {
            let open = fs::OpenOptions::new().write(true).open(place);
            open.map_err(|source| ExportError::File { file, source })?;
        }
        Ok(())
    }
}

impl Cleared {
    fn remove_all_but(&self, kept: &[PathBuf]) -> Result<(), ExportError> {
        // No folder, nothing to remove.
        let Ok(files) = fs::read_dir(&self.folder) else {
            return Ok(());
        };
        for file in files.flatten().map(|entry| entry.path()) {
            let name = file.file_name().and_then(|name| name.to_str());
            if name.is_some_and(self.is_own) && !kept.contains(&file) {
                fs::remove_file(&file).map_err(|source| ExportError::File { file, source })?;
            }
        }
        Ok(())
    }
}

/// What goes wrong while a file is written.
#[derive(Debug)]
pub enum WriteError {
    /// The system does not take the bytes.
    Io(io::Error),
    /// The rest knows its place already.
    Export(ExportError),
}

impl WriteError {
    pub(super) fn at(self, file: &Path) -> ExportError {
        match self {
            WriteError::Io(source) => ExportError::File {
                file: file.to_owned(),
                source,
            },
            WriteError::Export(error) => error,
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        WriteError::Io(error)
    }
}

impl From<csv::Error> for WriteError {
    fn from(error: csv::Error) -> Self {
        WriteError::Io(error.into())
    }
}

impl Staged {
    /// Begins a file beside its place.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder does not take files.
    pub fn create(folder: &Path, name: impl AsRef<Path>) -> Result<Self, ExportError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".mieruka-").suffix(".part");
        // Temporary files are private by default; the table that comes of it should be as any other file.
        #[cfg(unix)]
        let everyone: fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        #[cfg(unix)]
        builder.permissions(everyone);
        let temporary = builder.tempfile_in(folder).map_err(|error| ExportError::Folder {
            folder: folder.to_owned(),
            // Without the name of a temporary file, which tells nobody anything.
            source: error.kind().into(),
        })?;
        Ok(Staged {
            file: folder.join(name),
            temporary: BufWriter::new(temporary),
        })
    }

    /// The place it will have.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Gives it another place, in a folder of the same file system, which is made if it is not there.
    ///
    /// # Errors
    /// [`ExportError::Folder`] when the folder cannot be made.
    pub fn move_to(mut self, folder: &Path) -> Result<Self, ExportError> {
        fs::create_dir_all(folder).map_err(|source| ExportError::Folder {
            folder: folder.to_owned(),
            source,
        })?;
        if let Some(name) = self.file.file_name() {
            self.file = folder.join(name);
        }
        Ok(self)
    }

    /// Makes sure that its bytes are on the disk.
    fn sync(mut self) -> Result<Synced, ExportError> {
        let done = self
            .temporary
            .flush()
            .and_then(|()| self.temporary.get_ref().as_file().sync_all());
        let failed = |source| ExportError::File {
            file: self.file.clone(),
            source,
        };
        done.map_err(failed)?;
        let temporary = self
            .temporary
            .into_inner()
            .map_err(|error| failed(io::Error::from(error.error().kind())))?;
        Ok(Synced {
            file: self.file,
            temporary,
        })
    }

    /// Moves it to its place, replacing what stood there.
    ///
    /// # Errors
    /// [`ExportError::File`]; what stood there is then unchanged.
    pub fn commit(self) -> Result<(), ExportError> {
        let folder = self.file.parent().map(Path::to_owned);
        self.sync()?.place()?;
        if let Some(folder) = folder {
            sync_folder(&folder);
        }
        Ok(())
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// A file whose bytes are on the disk.
struct Synced {
    file: PathBuf,
    temporary: NamedTempFile,
}

impl Synced {
    fn place(self) -> Result<(), ExportError> {
        let file = self.file;
        self.temporary
            .persist(&file)
            .map(drop)
            .map_err(|error| ExportError::File {
                file,
                source: error.error,
            })
    }
}

/// Makes the renames last over a power cut, where the system lets a folder be opened. Where it does not, nothing is
/// wrong with the files.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
