"""What the operating system says when a file cannot be read or written, in Chinese."""

import errno

_WORDS = {
    errno.ENOENT: "路径不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘只读",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额",
    errno.ENOTDIR: "路径中有一段是文件，不是目录",
    errno.EISDIR: "该路径是目录",
    errno.EEXIST: "该路径已存在",
    errno.ENOTEMPTY: "目录不是空的",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "链接互相指向，无法到达文件",
    errno.EMFILE: "同时打开的文件过多",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "文件正被占用",
    errno.ETXTBSY: "文件正被占用",
    errno.EXDEV: "不能跨磁盘移动",
    errno.EINVAL: "文件名无效",
}


def reason_of(error: OSError) -> str:
    """The reason of a failure in the words of a user.

    >>> reason_of(FileNotFoundError(2, "No such file or directory"))
    '路径不存在'
    """
    known = _WORDS.get(error.errno or 0)
    if known is not None:
        return known
    return f"系统错误 {error.errno}" if error.errno else "系统没有说明原因"
